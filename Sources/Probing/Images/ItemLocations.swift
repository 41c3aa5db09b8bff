internal import Reading

/// The box `iloc`: where the items of a HEIC or AVIF lie.
///
/// Source: ISO/IEC 14496-12, 8.11.3.
struct ItemLocations {
    struct Item {
        let number: Int
        /// Counted from the beginning of the file; else from that of the box `idat`, or of another item.
        let isInFile: Bool
        /// Of the first extent.
        let start: Int64
        let size: Int64
        /// Behind the extent that lies last.
        let end: Int64
    }

    private let bytes: [UInt8]
    private let version: UInt8
    private let sizes: (offset: Int, length: Int, base: Int, index: Int)
    private var position = 6
    private var remaining: Int64

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        version = bytes.first ?? 0
        let (high, low) = bytes.count > 5 ? (Int(bytes[4]), Int(bytes[5])) : (0, 0)
        sizes = (high >> 4, high & 15, low >> 4, version > 0 ? low & 15 : 0)
        remaining = 0
        remaining = number(version < 2 ? 2 : 4)
    }

    mutating func next() -> Item? {
        guard remaining > 0, position < bytes.count else { return nil }
        remaining -= 1
        let item = number(version < 2 ? 2 : 4)
        let method = version > 0 ? number(2) & 15 : 0
        _ = number(2)
        let base = number(sizes.base)
        var first: (start: Int64, size: Int64) = (base, 0)
        var end = base
        for extent in 0..<number(2) where position < bytes.count {
            _ = number(sizes.index)
            let place = (start: base + number(sizes.offset), size: number(sizes.length))
            if extent == 0 { first = place }
            end = max(end, place.start + place.size)
        }
        return Item(number: Int(item), isInFile: method == 0, start: first.start, size: first.size, end: end)
    }

    /// A number of 0, 2, 4 or 8 bytes; what is too large for any file, or beyond the end, is taken for 0.
    private mutating func number(_ size: Int) -> Int64 {
        defer { position += size }
        guard size > 0, size <= 8, position + size <= bytes.count else { return 0 }
        let value = bytes[position..<position + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return value < 1 << 60 ? Int64(value) : 0
    }
}
