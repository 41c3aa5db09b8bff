/// The name of one upload, which is also the capability to continue it.
///
/// 128 random bits as 32 lower-case hexadecimal digits; nothing about the
/// upload can be read from it.
package struct UploadID: Hashable, Sendable {
    private let text: String

    /// A new, unguessable name.
    package init() {
        text = Secret.random(bytes: 16)
    }

    /// A name that follows from something nobody else knows: half of its digest.
    package init(digest: Digest) {
        text = String(digest.hex.prefix(32))
    }

    /// Reads 32 lower-case hexadecimal digits, or `nil` where the text is anything else.
    package init?(parsing text: some StringProtocol) {
        guard text.utf8.count == 32, Hexadecimal.decode(text) != nil else { return nil }
        self.text = String(text)
    }
}

extension UploadID: CustomStringConvertible {
    package var description: String { text }
}

extension UploadID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = Self(parsing: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "an upload id has 32 lower-case hex digits")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
