internal import FoundationEssentials
internal import GRDB
internal import Synchronization

/// Connections for questions that a key answers: who sent a request, which artefact.
///
/// They are asked on the caller's thread, an event loop's mostly: to change
/// threads and back takes longer than such an answer. Nothing that looks
/// through a table may be asked here, and nothing else uses these connections,
/// so that nobody waits for an answer that takes long.
final class LookupConnections: Sendable {
    private let connections: [DatabaseQueue]
    private let turn = Atomic<UInt>(0)

    /// Bytes of the database that are looked at where the system has them. The
    /// file is never cut while it is in use.
    private static let mapped = 1 << 30

    /// Opens one for each processor, to a database that is there.
    init(path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA query_only = TRUE")
            // Each commit of the writer empties a connection's own cache.
            try database.execute(sql: "PRAGMA mmap_size = \(Self.mapped)")
        }
        connections = try (0..<ProcessInfo.processInfo.activeProcessorCount).map { [configuration] _ in
            try DatabaseQueue(path: path, configuration: configuration)
        }
    }

    /// Reads as of one instant.
    func read<Value>(_ work: (Database) throws -> Value) throws -> Value {
        let turn = turn.add(1, ordering: .relaxed).newValue
        return try connections[Int(turn % UInt(connections.count))].unsafeRead { database in
            try database.beginTransaction(.deferred)
            defer { try? database.commit() }
            return try work(database)
        }
    }
}
