internal import NIOPosix

/// Runs calls that may block on a thread made for that, off the cooperative threads.
///
/// Cancelling the task does not stop work that has begun, so that a write is
/// either whole or failed.
package func blocking<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Value
) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
        NIOThreadPool.singleton.submit { _ in
            continuation.resume(returning: Result { () throws(Failure) in try work() })
        }
    }
    return try result.get()
}
