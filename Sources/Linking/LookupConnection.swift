internal import GRDB
internal import Synchronization

/// A connection, with what it answered since the database last changed.
///
/// A player asks for a film in hundreds of parts: who asks and for what is read
/// from the database once, and before each part no more than whether anything
/// was written since, by this process or another.
final class LookupConnection: Sendable {
    /// An answer, which may be that there is nothing.
    struct Reply<Answer: Sendable>: Sendable {
        let found: Answer?
    }

    private let queue: DatabaseQueue
    private let known = Mutex(KnownAnswers())
    /// Not the lock itself, which the system would have to try.
    private let isAnswering = Atomic(false)

    /// Bytes of the database that are looked at where the system has them. The
    /// file is never cut while it is in use.
    private static let mapped = 1 << 30

    init(path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA query_only = TRUE")
            // Each commit of the writer empties a connection's own cache.
            try database.execute(sql: "PRAGMA mmap_size = \(Self.mapped)")
        }
        queue = try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Waits where another thread is being answered.
    func answer<Key, Answer: Sendable>(
        to key: Key, in path: KnownAnswers.Path<Key, Answer>, _ find: (Database) throws -> Answer?
    ) throws -> Answer? {
        try known.withLock { known in try answer(to: key, in: path, of: &known, find) }
    }

    /// `nil` where another thread is being answered.
    func answerIfFree<Key, Answer: Sendable>(
        to key: Key, in path: KnownAnswers.Path<Key, Answer>, _ find: (Database) throws -> Answer?
    ) throws -> Reply<Answer>? {
        guard isAnswering.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
        else { return nil }
        defer { isAnswering.store(false, ordering: .releasing) }
        return Reply(found: try answer(to: key, in: path, find))
    }

    private func answer<Key, Answer: Sendable>(
        to key: Key, in path: KnownAnswers.Path<Key, Answer>, of known: inout KnownAnswers,
        _ find: (Database) throws -> Answer?
    ) throws -> Answer? {
        try queue.unsafeRead { database in
            known.expect(try Self.version(of: database))
            if let answer = known[keyPath: path][key] { return answer }
            try database.beginTransaction(.deferred)
            defer { try? database.commit() }
            // From here on the connection sees one instant.
            known.expect(try Self.version(of: database))
            guard let answer = try find(database) else { return nil }
            known.keep(answer, to: key, in: path)
            return answer
        }
    }

    /// Another number after each commit of another connection, in whatever process.
    ///
    /// Source: SQLite, "PRAGMA data_version".
    private static func version(of database: Database) throws -> Int64 {
        try Int64.fetchOne(database.cachedStatement(sql: "PRAGMA data_version")) ?? 0
    }
}
