internal import NIOCore

/// Received bytes on their way to the disk, gathered so that one write carries many.
///
/// Large buffers are taken as they are. Small ones are copied together, into
/// memory that grows with them: a slow sender's hold a few hundred bytes each.
struct Batch {
    /// Bytes at which a batch is worth a write.
    static let worthwhile = 1 << 20
    private static let large = 64 << 10

    private(set) var buffers: [ByteBuffer] = []
    private(set) var count = 0
    private var lastIsOwn = false

    var isEmpty: Bool { count == 0 }
    var isWorthwhile: Bool { count >= Self.worthwhile }
    /// Whether something of it would go to the disk, and not just into another memory.
    var fillsSegment: Bool { count >= Self.large }

    mutating func append(_ buffer: ByteBuffer) {
        count += buffer.readableBytes
        if buffer.readableBytes >= Self.large {
            buffers.append(buffer)
            lastIsOwn = false
        } else {
            if !lastIsOwn {
                buffers.append(ByteBufferAllocator().buffer(capacity: buffer.readableBytes))
                lastIsOwn = true
            }
            buffers[buffers.count - 1].writeImmutableBuffer(buffer)
        }
    }
}
