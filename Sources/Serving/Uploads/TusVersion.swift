internal import HTTPTypes
internal import Hummingbird

/// Says on every answer of an upload URL which protocol is spoken there.
///
/// Source: tus 1.0.0, "Tus-Resumable".
enum TusVersion {
    static let version = "1.0.0"

    static func tell(in response: inout Response, to request: Request) {
        if request.uri.path == "/uploads" || request.uri.path.hasPrefix("/uploads/") {
            response.headers[.tusResumable] = version
        }
    }

    /// - Throws: ``Problem`` with status 412 unless the request speaks our version.
    static func expect(in request: Request) throws(Problem) {
        guard request.headers[.tusResumable] == version else {
            throw Problem(
                .preconditionFailed, "tus-version", "Another version of tus",
                "Uploads are spoken to with “Tus-Resumable: \(version)”.", headers: [.tusVersion: version])
        }
    }
}
