internal import Artefacts
internal import Receiving

/// The `Upload-Concat` field: a piece of a file, or a file made of pieces.
///
/// Source: tus 1.0.0, extension "concatenation".
enum TusConcat {
    /// Most pieces in one file.
    private static let mostPieces = 1000

    /// - Throws: ``Problem`` with status 400, or 404 for a URL that is none of ours.
    static func parse(_ field: String) throws(Problem) -> Concatenation {
        if field == "partial" { return .partial }
        guard field.hasPrefix("final;") else { throw malformed }
        var pieces: [UploadID] = []
        for url in field.dropFirst("final;".count).split(separator: " ", omittingEmptySubsequences: true) {
            pieces.append(try id(url))
        }
        guard !pieces.isEmpty else { throw malformed }
        guard pieces.count <= mostPieces else {
            throw .badRequest("“Upload-Concat” names at most \(mostPieces) uploads.")
        }
        return .final(pieces)
    }

    /// The upload that a URL names. Nothing of the URL but the name is used.
    private static func id(_ url: Substring) throws(Problem) -> UploadID {
        let parts = url.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[parts.count - 2] == "uploads", let last = parts.last,
            let id = UploadID(parsing: last)
        else { throw .badRequest("“Upload-Concat” names an address that is no upload here.") }
        return id
    }

    private static let malformed = Problem.badRequest(
        "“Upload-Concat” is “partial”, or “final;” and the addresses of the partial uploads with spaces between.")

    /// The name of the upload that is made of these pieces: the same each time,
    /// so that a client which lost the answer asks again and gets the same.
    ///
    /// Nobody can guess it who does not know the pieces' names.
    static func name(of pieces: [UploadID], by owner: Principal, _ metadata: String?) -> UploadID {
        let text = "\(owner.name) \(pieces.map(\.description).joined(separator: " ")) \(metadata ?? "")"
        return UploadID(digest: Digester.digest(of: text.utf8))
    }
}
