internal import Artefacts
internal import HTTPTypes
internal import Hummingbird
internal import Receiving

/// The fields `Content-Digest` and `Repr-Digest` of a request.
///
/// Algorithms that are not known here are passed over, and so is everything
/// but SHA-256 of a whole file that comes in several requests.
///
/// Source: RFC 9530.
enum ContentDigest {
    private static let algorithms: [String: Checksum.Algorithm] = ["sha-256": .sha256, "sha-512": .sha512]

    /// What is to be checked of a request, before or behind its body.
    ///
    /// - Throws: ``Problem`` with status 400 for a field that cannot be read.
    static func check(of request: Request, _ scope: SignedInScope) throws(Problem) -> ChecksumCheck {
        let promised = try checksums(request.headers[.contentDigest])
        guard request.promises(trailer: "content-digest") else { return ChecksumCheck(promised) }
        return ChecksumCheck(promised, trailing: Array(algorithms.values)) {
            try checksums(scope.trailers[.contentDigest])
        }
    }

    /// What the whole file hashes to, if the request says so.
    static func ofWhole(_ request: Request) throws(Problem) -> Digest? {
        guard let field = request.headers[.reprDigest] else { return nil }
        guard let bytes = StructuredFields.bytes(field) else { throw malformed }
        guard let sha256 = bytes["sha-256"] else { return nil }
        guard let digest = try? Digest(bytes: sha256) else { throw malformed }
        return digest
    }

    private static func checksums(_ field: String?) throws(Problem) -> [Checksum] {
        guard let field else { return [] }
        guard let bytes = StructuredFields.bytes(field) else { throw malformed }
        return bytes.compactMap { name, bytes in algorithms[name].map { Checksum($0, bytes) } }
    }

    private static let malformed = Problem.badRequest(
        "A digest is written as “sha-256=:…:”, with the bytes in Base64 between the colons.")
}
