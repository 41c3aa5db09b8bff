internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Receiving

/// The `Upload-Checksum` field: what the bytes of one request hash to.
///
/// Source: tus 1.0.0, extensions "checksum" and "checksum-trailer".
enum TusChecksum {
    /// Every algorithm, as `Tus-Checksum-Algorithm` lists them.
    static let algorithms = Checksum.Algorithm.allCases.map(\.rawValue).joined(separator: ",")

    /// What is to be checked of a request.
    ///
    /// - Throws: ``Problem`` with status 400 for an unknown algorithm or a malformed field.
    static func check(of request: Request, _ scope: SignedInScope) throws(Problem) -> ChecksumCheck {
        let promised = try parse(request.headers[.uploadChecksum])
        guard request.promises(trailer: "upload-checksum") else { return ChecksumCheck(promised) }
        return ChecksumCheck(promised, trailing: Checksum.Algorithm.allCases) {
            try parse(scope.trailers[.uploadChecksum])
        }
    }

    private static func parse(_ field: String?) throws(Problem) -> [Checksum] {
        guard let field else { return [] }
        let parts = field.split(separator: " ")
        guard parts.count == 2, let algorithm = Checksum.Algorithm(rawValue: String(parts[0])),
            let bytes = Data(base64Encoded: String(parts[1]))
        else {
            throw .badRequest("“Upload-Checksum” is one of \(algorithms), a space, and the digest in Base64.")
        }
        return [Checksum(algorithm, Array(bytes))]
    }
}

extension Request {
    /// Whether a field of that lower-case name is to come behind the body.
    func promises(trailer name: String) -> Bool {
        headers[values: .trailer].contains { field in
            field.split(separator: ",").contains { String($0).trimmed.lowercased() == name }
        }
    }
}
