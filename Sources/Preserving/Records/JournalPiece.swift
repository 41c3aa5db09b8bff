internal import Artefacts
internal import FoundationEssentials
internal import Linking

/// Up to 256 consecutive records of the journal, as they are written beside the blobs.
struct JournalPiece: Codable {
    struct Line: Codable {
        let sequence: Int64
        let at: Date
        let actor: String
        let act: JournalEvent.Act
        let subject: String
        let child: ChildID?
        let digest: Digest
    }

    /// The digest of the record before the first.
    let previous: Digest
    let records: [Line]

    /// Records in a full piece.
    static let size: Int64 = 256

    /// - Parameter records: consecutive; at least one.
    init(_ records: [JournalRecord]) {
        precondition(!records.isEmpty, "a piece has a first record")
        previous = records[0].previous
        self.records = records.map { record in
            Line(
                sequence: record.sequence, at: record.event.at, actor: record.event.actor, act: record.event.act,
                subject: record.event.subject, child: record.event.child, digest: record.digest)
        }
    }

    var journalRecords: [JournalRecord] {
        var previous = previous
        return records.map { line in
            defer { previous = line.digest }
            return JournalRecord(
                sequence: line.sequence,
                event: JournalEvent(
                    at: line.at, actor: line.actor, act: line.act, subject: line.subject, child: line.child),
                previous: previous, digest: line.digest)
        }
    }

    /// The name of the piece that begins with this record; sorts like the sequence.
    static func name(first sequence: Int64) -> String {
        let digits = String(sequence)
        return String(repeating: "0", count: max(0, 12 - digits.count)) + digits
    }
}
