internal import Artefacts
internal import FoundationEssentials

/// How each record of the journal is tied to the one before.
///
/// The digest of a record is SHA-256 over these, one after the other:
///
///     32 bytes  the digest of the record before; zeros for the first
///      8 bytes  sequence, big-endian
///      8 bytes  instant in milliseconds since 1970, two's complement, big-endian
///     actor, act, subject, child: for each the size of its UTF-8 in
///      4 bytes, big-endian, and then the UTF-8; no child is the empty text
///
/// So no record can be changed, taken out, put in or moved without every
/// digest after it being wrong.
enum JournalChain {
    /// What the first record has before it.
    static let beginning: Digest = {
        guard let zeros = try? Digest(bytes: [UInt8](repeating: 0, count: Digest.size)) else {
            preconditionFailure("a digest has that many bytes")
        }
        return zeros
    }()

    /// The digest of a record.
    static func digest(after previous: Digest, sequence: Int64, _ event: JournalEvent) -> Digest {
        var bytes = previous.bytes
        append(UInt64(bitPattern: sequence), to: &bytes)
        append(UInt64(bitPattern: event.at.milliseconds), to: &bytes)
        for text in [event.actor, event.act.rawValue, event.subject, event.child?.description ?? ""] {
            append(UInt32(text.utf8.count), to: &bytes)
            bytes.append(contentsOf: text.utf8)
        }
        return Digester.digest(of: bytes)
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}

extension Date {
    /// Milliseconds since 1970-01-01T00:00:00Z, to the nearest.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
