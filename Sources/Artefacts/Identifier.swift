package import FoundationEssentials

/// The identity of one child, artefact or entry.
///
/// A UUID of version 7, so that identifiers sort by the time they were made.
/// `Subject` keeps the identifier of a child from being taken for that of an
/// artefact; it is never stored.
///
/// Source: RFC 9562, section 5.7.
package struct Identifier<Subject>: Hashable, Sendable {
    /// The identifier as a UUID.
    package let uuid: UUID

    /// A new identifier for something that came into being at `instant`.
    package init(at instant: Date = Date()) {
        var random = SystemRandomNumberGenerator()
        let milliseconds = UInt64(max(0, instant.timeIntervalSince1970 * 1000))
        let a = random.next(), b = random.next()
        func byte(_ value: UInt64, _ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: value >> shift) }
        uuid = UUID(
            uuid: (
                byte(milliseconds, 40), byte(milliseconds, 32), byte(milliseconds, 24),
                byte(milliseconds, 16), byte(milliseconds, 8), byte(milliseconds, 0),
                0x70 | byte(a, 0) & 0x0F, byte(a, 8),
                0x80 | byte(b, 0) & 0x3F, byte(b, 8), byte(b, 16), byte(b, 24),
                byte(b, 32), byte(b, 40), byte(b, 48), byte(b, 56)
            ))
    }

    /// Reads the 36 characters of a UUID, or `nil` where the text is none.
    package init?(parsing text: some StringProtocol) {
        guard text.utf8.count == 36, let uuid = UUID(uuidString: String(text)) else { return nil }
        self.uuid = uuid
    }
}

extension Identifier: CustomStringConvertible {
    /// The UUID in lower case, its one written form here.
    package var description: String { uuid.uuidString.lowercased() }
}

extension Identifier: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let identifier = Self(parsing: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "an identifier is a UUID of 36 characters")
        }
        self = identifier
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

package typealias ChildID = Identifier<Child>
package typealias ArtefactID = Identifier<Artefact>
package typealias EntryID = Identifier<Entry>
