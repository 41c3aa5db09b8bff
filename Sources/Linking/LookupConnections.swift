internal import FoundationEssentials
internal import GRDB
internal import Synchronization

/// Connections for questions that a key answers: who sent a request, which artefact.
///
/// They are asked on the caller's thread, an event loop's mostly: to change
/// threads and back takes longer than such an answer. Nothing that looks
/// through a table may be asked here, and nothing else uses these connections,
/// so that nobody waits for an answer that takes long.
///
/// A player asks for a film in hundreds of parts: who asks and for what is read
/// from the database once, and before each part no more is looked at than
/// whether anything was written since, by this process or another.
final class LookupConnections: Sendable {
    private let connections: [LookupConnection]
    private let turn = Atomic<UInt>(0)
    /// `nil` where nobody can tell what was written: nothing is known then.
    private let log: WriteAheadLog?
    private let known = Mutex(KnownAnswers())

    /// Opens one for each processor, to a database that is there.
    init(path: String) throws {
        connections = try (0..<max(1, ProcessInfo.processInfo.activeProcessorCount)).map { _ in
            try LookupConnection(path: path)
        }
        log = try connections[0].writeAheadLog()
    }

    /// What `find` finds, or found since the database last changed.
    func answer<Key, Answer: Sendable>(
        to key: Key, in path: KnownAnswers.Path<Key, Answer>, _ find: (Database) throws -> Answer?
    ) throws -> Answer? {
        // Before the question: what it finds is at least as new.
        let version = log?.version
        if let version, let answer = known.withLock({ $0.answer(to: key, in: path, at: version) }) { return answer }
        guard let answer = try ask(find) else { return nil }
        if let version { known.withLock { $0.keep(answer, to: key, in: path, at: version) } }
        return answer
    }

    private func ask<Answer: Sendable>(_ find: (Database) throws -> Answer?) throws -> Answer? {
        for connection in connections {
            if let answer = try connection.answerIfFree(find) { return answer.found }
        }
        let turn = turn.add(1, ordering: .relaxed).newValue
        return try connections[Int(turn % UInt(connections.count))].answer(find)
    }
}
