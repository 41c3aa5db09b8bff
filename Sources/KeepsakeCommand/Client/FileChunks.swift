import DurableFiles
import NIOCore

/// The bytes of a file from an offset on, a piece at a time.
struct FileChunks: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let file: OpenFile
    let range: Range<Int64>
    /// Told how far the file has been read.
    let progress: @Sendable (Int64) -> Void

    private static let size: Int64 = 1 << 20

    struct AsyncIterator: AsyncIteratorProtocol {
        let chunks: FileChunks
        var position: Int64

        mutating func next() async throws -> ByteBuffer? {
            chunks.progress(position)
            let end = Swift.min(position + FileChunks.size, chunks.range.upperBound)
            guard position < end else { return nil }
            let (file, range) = (chunks.file, position..<end)
            let bytes = try await blocking {
                var buffer = ByteBufferAllocator().buffer(capacity: range.count)
                try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: range.count) { space in
                    try file.read(
                        at: range.lowerBound, into: UnsafeMutableRawBufferPointer(rebasing: space[..<range.count]))
                }
                return buffer
            }
            guard bytes.readableBytes == range.count else { throw UploadError.fileChanged }
            position = end
            return bytes
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(chunks: self, position: range.lowerBound) }
}
