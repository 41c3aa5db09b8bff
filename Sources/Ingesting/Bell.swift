internal import Synchronization

/// Wakes those who wait for work.
final class Bell: Sendable {
    private let listeners = Mutex<[AsyncStream<Void>.Continuation]>([])

    /// Wakes everybody; whoever is awake looks for work once more.
    func ring() {
        for listener in listeners.withLock({ $0 }) { listener.yield() }
    }

    /// One element at once, since there may be work, and one for each ring since the last was taken.
    func rings() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        listeners.withLock { $0.append(continuation) }
        continuation.yield()
        return stream
    }
}
