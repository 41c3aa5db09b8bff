internal import GRDB
internal import Synchronization

/// Whether the disk took everything that was written to the index.
///
/// After a write that failed, the system may answer from memory what the disk
/// does not have: nothing is acknowledged any more, and the daemon ends, so
/// that the next one reads what is really there.
final class IndexHealth: Sendable {
    private struct State {
        var failure: String?
        var watchers: [AsyncStream<String>.Continuation] = []
    }

    private let state = Mutex(State())

    /// - Throws: if a write failed before.
    func expect() throws(CatalogueError) {
        if let failure = state.withLock({ $0.failure }) {
            throw .database(reason: "nothing is written after the disk failed: \(failure)")
        }
    }

    /// Looks whether an error is the disk's.
    func note(_ error: any Error) {
        guard let error = error as? DatabaseError, error.resultCode.primaryResultCode == .SQLITE_IOERR else { return }
        let watchers = state.withLock { state in
            state.failure = state.failure ?? "\(error)"
            return state.watchers
        }
        for watcher in watchers { watcher.yield("\(error)") }
    }

    /// The first failure, if there is one; waits for it.
    var failures: AsyncStream<String> {
        let (stream, continuation) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingOldest(1))
        state.withLock { state in
            state.watchers.append(continuation)
            if let failure = state.failure { continuation.yield(failure) }
        }
        return stream
    }
}
