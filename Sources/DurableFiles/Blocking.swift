internal import NIOPosix
internal import Synchronization

/// Runs calls that may block on a thread made for that, off the cooperative threads.
///
/// Cancelling the task does not stop work that has begun, so that a write is
/// either whole or failed.
package func blocking<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Value
) async throws(Failure) -> Value {
    try await BegunWork(on: BlockingThreads.waiting, work).value()
}

/// Work that runs on a thread made for calls that may block, while whoever began it does something else.
///
/// No task runs it: to begin it wakes one thread, and to ask for what came of it none where it is done by then.
package final class BegunWork<Value: Sendable, Failure: Error>: Sendable {
    private enum State {
        case running
        case awaited(CheckedContinuation<Result<Value, Failure>, Never>)
        case done(Result<Value, Failure>)
    }

    private let state = Mutex(State.running)

    /// Begins work that is mostly to compute, such as to open what was sealed: on as many threads as there are cores.
    /// It comes to its end whatever happens.
    package convenience init(_ work: @escaping @Sendable () throws(Failure) -> Value) {
        self.init(on: NIOThreadPool.singleton, work)
    }

    fileprivate init(on threads: NIOThreadPool, _ work: @escaping @Sendable () throws(Failure) -> Value) {
        threads.submit { _ in
            self.end(Result { () throws(Failure) in try work() })
        }
    }

    /// What came of it; to be asked for once.
    package func value() async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            let done: Result<Value, Failure>? = state.withLock { state in
                if case .done(let result) = state { return result }
                state = .awaited(continuation)
                return nil
            }
            if let done { continuation.resume(returning: done) }
        }
        return try result.get()
    }

    private func end(_ result: Result<Value, Failure>) {
        let waiting: CheckedContinuation<Result<Value, Failure>, Never>? = state.withLock { state in
            defer { state = .done(result) }
            if case .awaited(let continuation) = state { return continuation }
            return nil
        }
        waiting?.resume(returning: result)
    }
}

/// The threads that wait for the disk.
private enum BlockingThreads {
    /// Many more than there are cores: what they do is to wait, and syncs that
    /// wait at the same time share the disk's.
    private static let count = 16

    static let waiting: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: count)
        pool.start()
        return pool
    }()
}
