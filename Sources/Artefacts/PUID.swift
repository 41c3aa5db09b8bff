/// A PRONOM unique identifier of a file format, such as `fmt/199`.
///
/// Source: The National Archives, PRONOM (DROID signature file V122).
package struct PUID: Hashable, Sendable {
    private let text: String

    /// Reads `fmt/…` or `x-fmt/…`; `nil` where the text is none.
    package init?(parsing text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "fmt" || parts[0] == "x-fmt", (1...6).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        self.text = String(text)
    }
}

extension PUID: ExpressibleByStringLiteral {
    package init(stringLiteral value: StaticString) {
        guard let parsed = Self(parsing: value.description) else { preconditionFailure("not a PUID: \(value)") }
        self = parsed
    }
}

extension PUID: CustomStringConvertible {
    package var description: String { text }
}

extension PUID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let identifier = Self(parsing: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a PUID")
        }
        self = identifier
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
