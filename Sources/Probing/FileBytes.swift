internal import Glibc

/// The bytes of the file that is inspected, read at any place, never all at once.
package struct FileBytes: Sendable {
    private let descriptor: Int32
    /// Bytes in the file.
    package let size: Int64

    /// Reads the file behind an open descriptor, which stays the caller's.
    package init(descriptor: Int32) throws(ProbeError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw .read }
        self.descriptor = descriptor
        size = Int64(status.st_size)
    }

    /// Up to `count` bytes from `offset` on; fewer where the file ends, or cannot be read.
    package func read(at offset: Int64, count: Int) -> [UInt8] {
        guard offset >= 0, offset < size, count > 0 else { return [] }
        let count = Int(min(Int64(count), size - offset))
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let read = pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset) + off_t(filled))
                guard read > 0 else { break }
                filled += read
            }
        }
    }

    /// Up to `count` bytes from the end of the file.
    package func tail(_ count: Int) -> [UInt8] { read(at: max(0, size - Int64(count)), count: count) }
}

extension Array where Element == UInt8 {
    /// The number at `index`, most significant byte first; `nil` beyond the end.
    func bigEndian<Number: FixedWidthInteger>(_ index: Int, as: Number.Type = Number.self) -> Number? {
        let width = Number.bitWidth / 8
        guard index >= 0, index + width <= count else { return nil }
        return self[index..<index + width].reduce(0) { $0 << 8 | Number($1) }
    }

    /// The number at `index`, least significant byte first; `nil` beyond the end.
    func littleEndian<Number: FixedWidthInteger>(_ index: Int, as: Number.Type = Number.self) -> Number? {
        bigEndian(index, as: Number.self)?.byteSwapped
    }

    /// Four characters, such as the type of a box; `nil` beyond the end.
    func fourCharacters(_ index: Int) -> String? {
        guard index >= 0, index + 4 <= count else { return nil }
        return String(decoding: self[index..<index + 4], as: UTF8.self)
    }

    /// Whether these bytes stand at `index`.
    func has(_ text: String, at index: Int = 0) -> Bool {
        index >= 0 && index + text.utf8.count <= count
            && self[index..<index + text.utf8.count].elementsEqual(text.utf8)
    }

    /// Whether these bytes stand anywhere.
    func contains(text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard let first = wanted.first, count >= wanted.count else { return false }
        return (0...(count - wanted.count)).contains {
            self[$0] == first && self[$0..<$0 + wanted.count].elementsEqual(wanted)
        }
    }
}
