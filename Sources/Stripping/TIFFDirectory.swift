internal import Reading

/// The order of bytes in a TIFF, and a way to them.
///
/// Source: TIFF 6.0, section 2.
struct TIFFBytes {
    let size: Int64
    let isBigEndian: Bool
    private let read: (Int64, Int) -> [UInt8]

    /// - Throws: `.notUnderstood` where there is no TIFF header, or that of a BigTIFF.
    init(size: Int64, read: @escaping (Int64, Int) -> [UInt8]) throws(StrippingError) {
        switch read(0, 4) {
        case [0x49, 0x49, 42, 0]: isBigEndian = false
        case [0x4D, 0x4D, 0, 42]: isBigEndian = true
        default: throw .notUnderstood("no TIFF header")
        }
        self.size = size
        self.read = read
    }

    /// Bytes at a range, all of them.
    func bytes(at range: Range<Int64>) throws(StrippingError) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= size else { throw .notUnderstood("an offset behind the end") }
        let bytes = read(range.lowerBound, range.count)
        guard bytes.count == range.count else { throw .unreadable }
        return bytes
    }

    func number<Number: FixedWidthInteger>(
        _ bytes: [UInt8], _ index: Int, as: Number.Type = Number.self
    ) throws(StrippingError) -> Number {
        let number: Number = try bytes.number(index)
        return isBigEndian ? number : number.byteSwapped
    }

    func encoded<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: isBigEndian ? number.bigEndian : number.littleEndian) { Array($0) }
    }

    func directory(at position: Int64) throws(StrippingError) -> TIFFDirectory {
        let count: UInt16 = try number(try bytes(at: position..<position + 2), 0)
        let end = position + 2 + Int64(count) * 12
        let body = try bytes(at: position + 2..<end + 4)
        var entries: [TIFFDirectory.Entry] = []
        for index in 0..<Int(count) {
            entries.append(try entry(Array(body[index * 12..<index * 12 + 12]), at: position + 2 + Int64(index) * 12))
        }
        return TIFFDirectory(
            range: position..<end + 4, entries: entries, next: Int64(try number(body, Int(count) * 12, as: UInt32.self))
        )
    }

    private func entry(_ field: [UInt8], at position: Int64) throws(StrippingError) -> TIFFDirectory.Entry {
        let type: UInt16 = try number(field, 2)
        let count = Int64(try number(field, 4, as: UInt32.self))
        guard let width = TIFFDirectory.widths[type] else { throw .notUnderstood("a value of an unknown type") }
        let start = count * width <= 4 ? position + 8 : Int64(try number(field, 8, as: UInt32.self))
        return TIFFDirectory.Entry(
            tag: try number(field, 0), type: type, count: count, value: start..<start + count * width, field: field,
            isInline: count * width <= 4)
    }

    /// The whole numbers of a value, which are few.
    func numbers(_ entry: TIFFDirectory.Entry) throws(StrippingError) -> [Int64] {
        guard entry.count <= 1_000_000, let width = TIFFDirectory.widths[entry.type] else {
            throw .notUnderstood("too many offsets")
        }
        let bytes = try bytes(at: entry.value)
        var numbers: [Int64] = []
        for index in 0..<Int(entry.count) {
            switch width {
            case 2: numbers.append(Int64(try number(bytes, index * 2, as: UInt16.self)))
            case 4: numbers.append(Int64(try number(bytes, index * 4, as: UInt32.self)))
            default: throw .notUnderstood("an offset of an unknown type")
            }
        }
        return numbers
    }
}

/// One directory of tags.
///
/// Source: TIFF 6.0, section 2; type 13 is of TIFF Technical Note 1.
struct TIFFDirectory {
    struct Entry {
        let tag: UInt16
        let type: UInt16
        let count: Int64
        /// Where the value stands.
        let value: Range<Int64>
        /// The twelve bytes of the entry.
        let field: [UInt8]
        let isInline: Bool
    }

    /// Bytes of one value of each type.
    static let widths: [UInt16: Int64] = [
        1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
    ]

    let range: Range<Int64>
    let entries: [Entry]
    /// Where the next directory stands, or zero.
    let next: Int64
}
