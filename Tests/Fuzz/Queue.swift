import Synchronization

/// The files that nobody has begun, in order.
final class Queue: Sendable {
    private let left: Mutex<ArraySlice<Mutation>>

    init(_ all: [Mutation]) { left = Mutex(all[...]) }

    func next() -> Mutation? { left.withLock { $0.popFirst() } }
}
