internal import GRDB
internal import Synchronization

/// A connection that answers on the caller's thread.
final class LookupConnection: Sendable {
    /// An answer, which may be that there is nothing.
    struct Reply<Answer: Sendable>: Sendable {
        let found: Answer?
    }

    private let queue: DatabaseQueue
    /// Not the lock of the queue, which the system would have to try.
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

    /// The log of the database, for as long as this connection is there.
    func writeAheadLog() throws -> WriteAheadLog? { try queue.unsafeRead { try WriteAheadLog(of: $0) } }

    /// What `find` finds in the database as it is at one instant; waits where another thread is being answered.
    func answer<Answer: Sendable>(_ find: (Database) throws -> Answer?) throws -> Answer? {
        try queue.unsafeRead { database in
            try database.beginTransaction(.deferred)
            defer { try? database.commit() }
            return try find(database)
        }
    }

    /// `nil` where another thread is being answered.
    func answerIfFree<Answer: Sendable>(_ find: (Database) throws -> Answer?) throws -> Reply<Answer>? {
        guard isAnswering.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
        else { return nil }
        defer { isAnswering.store(false, ordering: .releasing) }
        return Reply(found: try answer(find))
    }
}
