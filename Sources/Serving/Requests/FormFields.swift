internal import Artefacts
internal import Hummingbird
internal import NIOCore

/// Named texts as a query or a form sends them; a name may come several times.
///
/// Source: WHATWG URL, `application/x-www-form-urlencoded`.
struct FormFields {
    private(set) var pairs: [(name: String, value: String)] = []

    init() {}

    /// Reads `a=1&b=2`; what is not UTF-8 is replaced.
    init(parsing text: String) {
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            add(
                PercentEncoding.decoded(parts[0], plusIsSpace: true),
                parts.count > 1 ? PercentEncoding.decoded(parts[1], plusIsSpace: true) : "")
        }
    }

    mutating func add(_ name: String, _ value: String) { pairs.append((name, value)) }

    /// The first value of that name that is not empty.
    subscript(name: String) -> String? {
        pairs.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// All values of that name that are not empty.
    func all(_ name: String) -> [String] {
        pairs.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
    }

    /// Takes a field out, and answers its first value.
    mutating func remove(_ name: String) -> String? {
        let value = self[name]
        pairs.removeAll { $0.name == name }
        return value
    }

    /// The fields written as a query, without the empty ones.
    var query: String {
        pairs.filter { !$0.value.isEmpty }
            .map { PercentEncoding.encoded($0.name) + "=" + PercentEncoding.encoded($0.value) }
            .joined(separator: "&")
    }

    /// Refuses names that mean nothing here, so that a typo is never silently lost.
    func expect(only names: Set<String>) throws(Problem) {
        if let stranger = pairs.first(where: { !names.contains($0.name) }) {
            throw .badRequest("There is no field “\(stranger.name.prefix(64))” here.")
        }
    }
}

/// Bytes written as `%XX`.
///
/// Source: RFC 3986, section 2.1.
enum PercentEncoding {
    /// The text with everything but RFC 3986's unreserved characters written as `%XX`.
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isUnreserved =
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-._~".utf8.contains(byte)
                }
            return isUnreserved ? String(Unicode.Scalar(byte)) : "%" + Hexadecimal.encode([byte]).uppercased()
        }.joined()
    }

    /// What the text stands for; bytes that are not UTF-8 are replaced.
    static func decoded(_ text: Substring, plusIsSpace: Bool = false) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                if rest.count >= 2, let value = UInt8(Substring(rest.prefix(2)), radix: 16) {
                    bytes.append(value)
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte)
                }
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Request {
    /// The fields of the query.
    var queryFields: FormFields { FormFields(parsing: uri.query ?? "") }

    /// The fields of an urlencoded form, which may have 64 KiB.
    func formFields() async throws -> FormFields {
        FormFields(parsing: String(buffer: try await smallBody()))
    }

    /// A body that is small by nature.
    ///
    /// - Throws: ``Problem`` with status 413 if it has more than 64 KiB.
    func smallBody() async throws -> ByteBuffer {
        do {
            return try await body.collect(upTo: 64 << 10)
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(maximum: 64 << 10)
        }
    }
}
