internal import NIOCore

/// How much is read from a socket at once: more where much comes in, and less again where little does.
///
/// The channel keeps its first buffer for as long as it lives, and would make that one larger. So the first is a
/// small one, for what comes slowly; whatever is larger is read into a buffer of its own, which goes with its bytes.
struct ReadSizes: RecvByteBufferAllocator {
    private static let kept = 2 << 10
    private var hasBegun = false
    private var next: AdaptiveRecvByteBufferAllocator

    /// Measured: to read 64 KiB at most costs a third more CPU; to begin with as much as the most costs 512 KiB of
    /// memory for each client that is slow.
    init() {
        next = AdaptiveRecvByteBufferAllocator(minimum: Self.kept, initial: 16 << 10, maximum: 256 << 10)
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        hasBegun ? next.buffer(allocator: allocator) : allocator.buffer(capacity: Self.kept)
    }

    /// - Returns: whether the kept buffer is too small for what comes next.
    mutating func record(actualReadBytes: Int) -> Bool {
        if hasBegun { _ = next.record(actualReadBytes: actualReadBytes) }
        hasBegun = true
        return (next.nextBufferSize() ?? 0) > Self.kept
    }
}
