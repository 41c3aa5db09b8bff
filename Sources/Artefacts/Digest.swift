/// The SHA-256 digest of some bytes, which is also the name of their blob.
///
/// One written form: `sha256:` and 64 lower-case hexadecimal digits, so that a
/// blob has exactly one name.
///
/// Source: FIPS 180-4 for the function; the written form is Keepsake's API.
package struct Digest: Hashable, Sendable {
    /// The 32 bytes of the digest.
    package let bytes: [UInt8]

    /// Bytes in every digest.
    package static let size = 32

    init(uncheckedBytes bytes: [UInt8]) {
        precondition(bytes.count == Self.size, "a SHA-256 digest has 32 bytes")
        self.bytes = bytes
    }

    /// Takes the 32 bytes as another tool computed them.
    ///
    /// - Throws: ``DigestSyntaxError`` unless there are 32 bytes.
    package init(bytes: [UInt8]) throws(DigestSyntaxError) {
        guard bytes.count == Self.size else { throw DigestSyntaxError() }
        self.bytes = bytes
    }

    /// Reads the written form, `sha256:` and 64 lower-case hexadecimal digits.
    package init(parsing text: some StringProtocol) throws(DigestSyntaxError) {
        guard text.hasPrefix("sha256:") else { throw DigestSyntaxError() }
        try self.init(hex: text.dropFirst("sha256:".count))
    }

    /// Reads 64 lower-case hexadecimal digits.
    package init(hex: some StringProtocol) throws(DigestSyntaxError) {
        guard let bytes = Hexadecimal.decode(hex), bytes.count == Self.size else {
            throw DigestSyntaxError()
        }
        self.bytes = bytes
    }

    /// The 64 lower-case hexadecimal digits alone.
    package var hex: String { Hexadecimal.encode(bytes) }
}

extension Digest: CustomStringConvertible {
    package var description: String { "sha256:" + hex }
}

/// Text or bytes that are not a SHA-256 digest.
package struct DigestSyntaxError: Error, Hashable, CustomStringConvertible {
    package var description: String { "not a digest: expected sha256: and 64 lower-case hex digits" }
}

extension Digest: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
