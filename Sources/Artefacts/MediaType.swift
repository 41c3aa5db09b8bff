/// A MIME type without parameters, such as `image/jpeg`.
///
/// Always lower case; at most 127 characters on each side of the slash.
///
/// Source: RFC 6838, section 4.2.
package struct MediaType: Hashable, Sendable {
    /// The type before the slash, such as `image`.
    package let type: String
    /// The subtype after the slash, such as `jpeg`.
    package let subtype: String

    /// Reads `type/subtype`; parameters after a semicolon are left out.
    ///
    /// `nil` where the text is not a MIME type.
    package init?(parsing text: some StringProtocol) {
        let essence = text.prefix { $0 != ";" }.lowercased()
        let parts = essence.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let type = parts[0].filter { $0 != " " }
        let subtype = parts[1].filter { $0 != " " }
        guard Self.isRestrictedName(type), Self.isRestrictedName(subtype) else { return nil }
        self.type = type
        self.subtype = subtype
    }

    /// What is said of bytes that nothing is known about.
    package static let unknown: MediaType = "application/octet-stream"

    private static let shownInBrowsers: Set<MediaType> = [
        "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/apng",
        "video/mp4", "video/webm",
        "audio/mp4", "audio/mpeg", "audio/wav", "audio/ogg", "audio/flac", "audio/webm",
        "text/plain",
    ]

    /// Whether browsers show the type, without running anything in it.
    package var isShownInBrowsers: Bool { Self.shownInBrowsers.contains(self) }

    private static func isRestrictedName(_ text: String) -> Bool {
        (1...127).contains(text.utf8.count)
            && text.utf8.allSatisfy { character in
                switch character {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "!#$&-^_.+".utf8.contains(character)
                }
            }
    }
}

extension MediaType: ExpressibleByStringLiteral {
    package init(stringLiteral value: StaticString) {
        guard let parsed = Self(parsing: value.description) else {
            preconditionFailure("not a MIME type: \(value)")
        }
        self = parsed
    }
}

extension MediaType: CustomStringConvertible {
    package var description: String { "\(type)/\(subtype)" }
}

extension MediaType: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let type = Self(parsing: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a MIME type")
        }
        self = type
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
