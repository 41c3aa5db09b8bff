internal import Glibc
package import Sealing
internal import Synchronization

/// The bytes of the file that is inspected, read at any place, never all at once.
package struct FileBytes: Sendable {
    /// Plain bytes that were opened last: libraries read in small steps.
    private struct Window {
        var start: Int64 = 0
        var bytes: [UInt8] = []
    }

    private let sealed: SealedReader
    private let window: WindowBox

    private final class WindowBox: Sendable {
        let value = Mutex(Window())
    }

    /// Bytes in the file.
    package var size: Int64 { sealed.size }

    /// Reads the sealed file behind an open descriptor, which stays the caller's.
    package init(descriptor: Int32, dataKey: SecretKey) throws(ReadingError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw ReadingError() }
        try self.init(size: Int64(status.st_size), dataKey: dataKey) { try Self.read(descriptor, $0, $1) }
    }

    /// Reads a sealed file of so many bytes from wherever it is.
    package init(size: Int64, dataKey: SecretKey, source: @escaping SealedReader.Source) throws(ReadingError) {
        do {
            sealed = try SealedReader(fileSize: size, dataKey: dataKey, source: source)
        } catch {
            throw ReadingError()
        }
        window = WindowBox()
    }

    private static func read(
        _ descriptor: Int32, _ position: Int64, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(ReadingError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let read = pread(
                descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled,
                off_t(position) + off_t(filled))
            guard read >= 0 else { throw ReadingError() }
            if read == 0 { break }
            filled += read
        }
        return filled
    }

    /// Up to `count` bytes from `offset` on; fewer where the file ends, or cannot be read.
    package func read(at offset: Int64, count: Int) -> [UInt8] {
        guard offset >= 0, offset < size, count > 0 else { return [] }
        let end = min(offset + Int64(count), size)
        return window.value.withLock { window in
            if offset < window.start || end > window.start + Int64(window.bytes.count) {
                window = Self.window(around: offset..<end, of: sealed)
            }
            let available = window.start + Int64(window.bytes.count)
            guard offset < available else { return [] }
            // All of it is handed out as it is, without a copy.
            if offset == window.start, end >= available { return window.bytes }
            return Array(window.bytes[Int(offset - window.start)..<Int(min(end, available) - window.start)])
        }
    }

    /// The whole segments that a range touches, up to one that cannot be read.
    private static func window(around range: Range<Int64>, of sealed: SealedReader) -> Window {
        let size = SealedLayout.segmentSize
        let start = range.lowerBound - range.lowerBound % size
        let end = min(sealed.size, (range.upperBound + size - 1) / size * size)
        var window = Window(start: start)
        window.bytes.reserveCapacity(Int(end - start))
        try? sealed.read(start..<end) { window.bytes.append(contentsOf: $0) }
        return window
    }

    /// Hands out the bytes from `start` to `end` once, in order and in pieces, until `take` wants no more.
    ///
    /// Nothing is copied, and nothing kept: for a walk through all of a large
    /// file. What lies outside the file is left out.
    package func scan(from start: Int64, to end: Int64, _ take: (_ position: Int64, UnsafeRawBufferPointer) -> Scan) {
        var position = max(0, start)
        let end = min(end, size)
        guard position < end else { return }
        let window = window.value.withLock(\.self)
        let opened = (window.start..<window.start + Int64(window.bytes.count)).clamped(to: position..<end)
        if opened.lowerBound == position, !opened.isEmpty {
            let part = Int(opened.lowerBound - window.start)..<Int(opened.upperBound - window.start)
            let scan = window.bytes.withUnsafeBytes { take(position, UnsafeRawBufferPointer(rebasing: $0[part])) }
            position = opened.upperBound
            guard scan == .onwards, position < end else { return }
        }
        try? sealed.read(position..<end) { piece in
            guard take(position, piece) == .onwards else { throw ReadingError() }
            position += Int64(piece.count)
        }
    }

    /// Whether a scan goes on.
    package enum Scan { case onwards, enough }

    /// Up to `count` bytes from the end of the file.
    package func tail(_ count: Int) -> [UInt8] { read(at: max(0, size - Int64(count)), count: count) }
}

/// A file that cannot be read, or is not what a sealed file looks like.
package struct ReadingError: Error, Hashable {}
