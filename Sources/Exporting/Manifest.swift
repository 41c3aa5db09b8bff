internal import Artefacts

/// Which files have which SHA-256.
///
/// Source: RFC 8493, sections 2.1.3 and 2.2.1.
struct Manifest {
    private var digests: [String: Digest] = [:]

    var count: Int { digests.count }

    mutating func add(_ path: String, _ digest: Digest) { digests[path] = digest }

    /// A line for each file, sorted by path, as sha256sum(1) writes and checks it.
    var text: String {
        digests.sorted { $0.key < $1.key }
            .map { "\($0.value.hex)  \(Self.encoded($0.key))\n" }
            .joined()
    }

    /// The path with line breaks and percent signs, and nothing else, written as `%XX`.
    static func encoded(_ path: String) -> String {
        path.unicodeScalars.map { scalar in
            switch scalar {
            case "\r": "%0D"
            case "\n": "%0A"
            case "%": "%25"
            default: String(scalar)
            }
        }.joined()
    }
}
