internal import CTranscoding
internal import Glibc

/// A place in a memory file, and libavformat's way to read and write there.
final class MemoryCursor {
    private let file: MemoryFile
    private var position: Int64 = 0
    private(set) var io: UnsafeMutablePointer<AVIOContext>?

    private static let bufferSize = 64 << 10

    init(_ file: MemoryFile) throws(RenderingError) {
        self.file = file
        guard let buffer = av_malloc(Self.bufferSize) else { throw .outOfMemory }
        io = avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self), Int32(Self.bufferSize), 1,
            Unmanaged.passUnretained(self).toOpaque(),
            { MemoryCursor.from($0)?.read($1, $2) ?? KS_END }, { MemoryCursor.from($0)?.write($1, $2) ?? KS_TOO_LARGE },
            { MemoryCursor.from($0)?.seek($1, $2) ?? -1 })
        guard io != nil else {
            av_free(buffer)
            throw .outOfMemory
        }
    }

    deinit {
        if let io { av_freep(&io.pointee.buffer) }
        avio_context_free(&io)
    }

    /// Lets the library read what it wrote, from the beginning on.
    func reopenToRead() throws(RenderingError) -> MemoryCursor {
        let other = try MemoryCursor(file)
        other.io?.pointee.write_flag = 0
        return other
    }

    private static func from(_ opaque: UnsafeMutableRawPointer?) -> MemoryCursor? {
        opaque.map { Unmanaged<MemoryCursor>.fromOpaque($0).takeUnretainedValue() }
    }

    private func read(_ target: UnsafeMutablePointer<UInt8>?, _ count: Int32) -> Int32 {
        let count = file.read(into: UnsafeMutableRawBufferPointer(start: target, count: Int(count)), at: position)
        position += Int64(count)
        return count > 0 ? Int32(count) : KS_END
    }

    private func write(_ source: UnsafeMutablePointer<UInt8>?, _ count: Int32) -> Int32 {
        guard file.write(UnsafeRawBufferPointer(start: source, count: Int(count)), at: position) else {
            return KS_TOO_LARGE
        }
        position += Int64(count)
        return count
    }

    private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
        switch whence & ~AVSEEK_FORCE {
        case KS_SIZE_IS_ASKED: return file.size
        case SEEK_SET: position = offset
        case SEEK_CUR: position += offset
        case SEEK_END: position = file.size + offset
        default: return -1
        }
        return position
    }
}
