internal import Artefacts
internal import GRDB

/// Appends to the journal, many callers in one transaction.
///
/// While one transaction is on its way to the disk, the events of everybody
/// who comes meanwhile are gathered for the next.
actor JournalWriter {
    private enum Turn {
        /// Somebody else has written the caller's events.
        case written(Result<Void, any Error>)
        /// It is the caller's turn to write what has been gathered.
        case write
    }

    private let pool: DatabasePool
    private var gathered: [JournalEvent] = []
    private var waiters: [CheckedContinuation<Turn, Never>] = []
    private var isWriting = false

    init(pool: DatabasePool) { self.pool = pool }

    /// Appends events in their order; durable on return.
    ///
    /// Cancelling the caller stops nothing: what it did has been done.
    func record(_ events: [JournalEvent]) async throws {
        gathered.append(contentsOf: events)
        if isWriting {
            let turn = await withCheckedContinuation { waiters.append($0) }
            if case .written(let result) = turn { return try result.get() }
        }
        isWriting = true
        let served = waiters
        waiters = []
        let result = await writeGathered()
        for waiter in served { waiter.resume(returning: .written(result)) }
        if waiters.isEmpty {
            isWriting = false
        } else {
            waiters.removeFirst().resume(returning: .write)
        }
        try result.get()
    }

    private func writeGathered() async -> Result<Void, any Error> {
        let events = gathered
        gathered = []
        return await withCheckedContinuation { continuation in
            pool.asyncWrite({ try Self.append(events, $0) }) { _, result in
                continuation.resume(returning: result)
            }
        }
    }

    /// Appends within a transaction that is open already.
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
