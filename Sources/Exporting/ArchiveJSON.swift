internal import Artefacts
internal import FoundationEssentials

/// JSON for people and programs of another time: indented, sorted, instants in RFC 3339.
enum ArchiveJSON {
    static func bytes(of value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .instants
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }
}
