internal import CLinux
internal import Glibc

/// A file that is in memory alone, for what has to be written here and there.
final class MemoryFile {
    private let descriptor: Int32
    private(set) var size: Int64 = 0
    /// Most bytes; a file that grows beyond would end the process.
    static let maximumSize: Int64 = (2 << 30) - (1 << 20)

    init() throws(RenderingError) {
        descriptor = ks_memory_file("derivative")
        guard descriptor >= 0 else { throw .outOfMemory }
    }

    deinit { close(descriptor) }

    /// Writes all bytes; `false` if that would be too much.
    func write(_ bytes: UnsafeRawBufferPointer, at position: Int64) -> Bool {
        guard position >= 0, position + Int64(bytes.count) <= Self.maximumSize else { return false }
        var written = 0
        while written < bytes.count {
            let count = pwrite(
                descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written,
                off_t(position) + off_t(written))
            guard count > 0 else { return false }
            written += count
        }
        size = max(size, position + Int64(bytes.count))
        return true
    }

    /// Reads up to as many bytes as there is room for; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int64) -> Int {
        max(0, pread(descriptor, buffer.baseAddress, buffer.count, off_t(position)))
    }
}
