internal import Artefacts
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Ingesting
internal import Receiving

/// What a request says in the words of Resumable Uploads for HTTP.
///
/// Source: draft-ietf-httpbis-resumable-upload, interop versions 6 to 10.
struct ResumableRequest {
    /// Versions in which interim answers are sent; without one of them there are none.
    static let versions: ClosedRange<Int64> = 6...10

    /// Whether the body is the last part of the file; `nil` where the request does not say.
    let isComplete: Bool?
    /// The client's version of the draft, if it is one that is spoken here.
    let version: Int?
    let offset: Int64?
    /// `Upload-Length`.
    let length: Int64?
    private let contentLength: Int64?

    init(_ request: Request) {
        isComplete = StructuredFields.boolean(request.headers[.uploadComplete])
        version = StructuredFields.count(request.headers[.uploadDraftInteropVersion])
            .flatMap { Self.versions.contains($0) ? Int($0) : nil }
        offset = StructuredFields.count(request.headers[.uploadOffset])
        length = StructuredFields.count(request.headers[.uploadLength])
        contentLength = request.contentLength
    }

    /// Whether the client keeps to the older, stricter rules.
    var isStrict: Bool { version == 6 }

    /// The length of the whole file, as far as a request at `position` says it.
    ///
    /// - Throws: ``UploadRefusal/lengthMismatch(known:provided:)`` if it says two.
    func wholeLength(at position: Int64, isLast: Bool) throws(UploadRefusal) -> Int64? {
        guard isLast, let contentLength else { return length }
        let (end, overflow) = position.addingReportingOverflow(contentLength)
        guard !overflow else { throw .lengthMismatch(known: length ?? .max, provided: .max) }
        if let length, length != end { throw .lengthMismatch(known: length, provided: end) }
        return end
    }
}

/// What may be sent, as `Upload-Limit` says it.
struct ResumableLimits {
    let maximumSize: Int64
    let version: Int?

    /// - Parameter expiry: when the upload is removed; `nil` before it has begun.
    func field(until expiry: Date?) -> String {
        var members = ["max-size=\(maximumSize)", "min-size=0"]
        if let expiry {
            let seconds = max(0, Int64(expiry.timeIntervalSinceNow))
            members.append((version ?? 10) <= 6 ? "expires=\(seconds)" : "max-age=\(seconds)")
        }
        return members.joined(separator: ", ")
    }
}
