internal import NIOCore

/// How much is read from a socket at once: more where much comes in, and less again where little does.
///
/// The channel keeps its first buffer for as long as it lives, and would make that one larger. So it is left as it
/// is, for what comes slowly; whatever is larger is read into a buffer of its own, which goes with its bytes.
struct ReadSizes: RecvByteBufferAllocator {
    private static let first = 16 << 10
    private var next: AdaptiveRecvByteBufferAllocator

    /// Measured: to read 64 KiB at most costs a third more CPU; to begin with as much as the most costs 512 KiB of
    /// memory for each client that is slow.
    init() {
        next = AdaptiveRecvByteBufferAllocator(minimum: 2 << 10, initial: Self.first, maximum: 256 << 10)
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { next.buffer(allocator: allocator) }

    /// - Returns: whether the kept buffer is too small for what comes next.
    mutating func record(actualReadBytes: Int) -> Bool {
        _ = next.record(actualReadBytes: actualReadBytes)
        return (next.nextBufferSize() ?? 0) > Self.first
    }
}
