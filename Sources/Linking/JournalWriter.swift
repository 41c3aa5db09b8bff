internal import Artefacts
internal import GRDB

/// Appends to the journal.
enum JournalWriter {
    /// Appends events in their order, within a transaction that is open already.
    static func append(_ events: [JournalEvent], _ database: Database) throws {
        guard !events.isEmpty else { return }
        let last = try database.row("SELECT sequence, digest FROM journal ORDER BY sequence DESC LIMIT 1", [])
        var sequence: Int64 = last?["sequence"] ?? 0
        var previous = try last?.parsed("digest") { try? Digest(parsing: $0) } ?? JournalChain.beginning
        for event in events {
            sequence += 1
            let digest = JournalChain.digest(after: previous, sequence: sequence, event)
            try insert(
                JournalRecord(sequence: sequence, event: event, previous: previous, digest: digest), database)
            previous = digest
        }
    }

    /// Puts a record that has its digests in its place.
    static func insert(_ record: JournalRecord, _ database: Database) throws {
        let event = record.event
        try database.cachedStatement(sql: "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?)").execute(
            arguments: [
                record.sequence, event.at.milliseconds, event.actor, event.act.rawValue, event.subject,
                event.child?.description, record.previous.description, record.digest.description,
            ])
    }
}
