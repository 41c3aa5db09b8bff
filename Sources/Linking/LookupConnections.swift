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
    private let connections: [LookupConnection]
    private let turn = Atomic<UInt>(0)

    /// Opens one for each processor, to a database that is there.
    init(path: String) throws {
        connections = try (0..<ProcessInfo.processInfo.activeProcessorCount).map { _ in
            try LookupConnection(path: path)
        }
    }

    /// What `find` finds, or found since the database last changed.
    func answer<Key, Answer: Sendable>(
        to key: Key, in known: KnownAnswers.Path<Key, Answer>, _ find: (Database) throws -> Answer?
    ) throws -> Answer? {
        for connection in connections {
            if let answer = try connection.answerIfFree(to: key, in: known, find) { return answer.found }
        }
        let turn = turn.add(1, ordering: .relaxed).newValue
        return try connections[Int(turn % UInt(connections.count))].answer(to: key, in: known, find)
    }
}
