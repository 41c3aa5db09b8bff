internal import Reading

/// One directory of tags of a TIFF, which is what EXIF is made of too.
///
/// Bounded: at most so many entries are read, and of each value so many bytes.
///
/// Source: TIFF 6.0, section 2; BigTIFF as in libtiff's documentation.
struct TIFFDirectory {
    /// Reads bytes at an offset from the header.
    typealias Source = (_ offset: Int64, _ count: Int) -> [UInt8]

    private struct Entry {
        let type: UInt16
        let count: Int64
        /// Where the value is, from the header.
        let place: Int64
    }

    private let source: Source
    private let isLittleEndian: Bool
    let isBig: Bool
    /// From the header.
    let place: Int64
    /// Whether all of its entries are there.
    private(set) var isWhole = false
    /// Where the next directory is, 0 where there is none; `nil` where that cannot be read.
    private(set) var next: Int64?
    private var entries: [UInt16: Entry] = [:]

    private static let maximumEntries: Int64 = 1024
    private static let maximumValueSize: Int64 = 1 << 20

    /// The first directory behind a header; `nil` where there is no such header.
    init?(header source: @escaping Source) {
        let head = source(0, 16)
        guard head.count >= 8, head.has("II") || head.has("MM") else { return nil }
        let isLittle = head.has("II")
        let version: UInt16? = isLittle ? head.littleEndian(2) : head.bigEndian(2)
        guard version == 42 || version == 43 else { return nil }
        let isBig = version == 43
        let place = Self.number(head, isBig ? 8 : 4, isBig ? 8 : 4, isLittle)
        self.init(source, isLittle, isBig, at: place ?? 0)
    }

    private init(_ source: @escaping Source, _ isLittleEndian: Bool, _ isBig: Bool, at place: Int64) {
        self.source = source
        self.isLittleEndian = isLittleEndian
        self.isBig = isBig
        self.place = place
        let width: Int64 = isBig ? 8 : 2
        guard place > 0, let count = number(source(place, Int(width)), 0, Int(width)) else { return }
        let size: Int64 = isBig ? 20 : 12
        let bytes = source(place + width, Int(min(count, Self.maximumEntries) * size))
        for index in stride(from: 0, through: bytes.count - Int(size), by: Int(size)) {
            take(bytes, index, at: place + width + Int64(index))
        }
        isWhole = count <= Self.maximumEntries && Int64(bytes.count) == count * size
        if isWhole { next = number(source(place + width + count * size, isBig ? 8 : 4), 0, isBig ? 8 : 4) }
    }

    private mutating func take(_ bytes: [UInt8], _ index: Int, at place: Int64) {
        let width = isBig ? 8 : 4
        guard let tag = number(bytes, index, 2), let type = number(bytes, index + 2, 2),
            let count = number(bytes, index + 4, width)
        else { return }
        let isInside = count <= Int64(width) / Self.size(of: UInt16(type))
        guard let offset = isInside ? place + 4 + Int64(width) : number(bytes, index + 4 + width, width) else { return }
        entries[UInt16(tag)] = Entry(type: UInt16(type), count: count, place: offset)
    }

    var isEmpty: Bool { entries.isEmpty }

    func has(_ tag: UInt16) -> Bool { entries[tag] != nil }

    /// The directory behind this one.
    func following(at place: Int64) -> TIFFDirectory { TIFFDirectory(source, isLittleEndian, isBig, at: place) }

    /// The directory that a tag points to.
    func directory(_ tag: UInt16) -> TIFFDirectory? { numbers(tag).first.map { following(at: Int64($0)) } }

    /// The bytes of a value.
    func bytes(_ tag: UInt16) -> [UInt8]? {
        guard let entry = entries[tag] else { return nil }
        let size = min(entry.count, Self.maximumValueSize) * Self.size(of: entry.type)
        return source(entry.place, Int(min(size, Self.maximumValueSize)))
    }

    /// A text without the spaces and the zero at its end; `nil` where there is none.
    func text(_ tag: UInt16) -> String? {
        guard entries[tag]?.type == 2, let bytes = bytes(tag) else { return nil }
        let text = String(decoding: bytes.prefix(256).prefix { $0 != 0 }, as: UTF8.self)
        let kept = text.reversed().drop { $0.isWhitespace }.reversed()
        return kept.isEmpty ? nil : String(kept)
    }

    /// Whole numbers, at most so many.
    func numbers(_ tag: UInt16, limit: Int = 16) -> [Int] {
        guard let entry = entries[tag], [1, 3, 4, 8, 13, 16].contains(entry.type) else { return [] }
        let width = Int(Self.size(of: entry.type))
        let count = Int(min(entry.count, Int64(limit)))
        let bytes = source(entry.place, count * width)
        return (0..<count).compactMap { index in
            number(bytes, index * width, width).map {
                entry.type == 8 ? Int(Int16(truncatingIfNeeded: $0)) : Int($0)
            }
        }
    }

    /// Fractions; one with a denominator of zero ends the list.
    func rationals(_ tag: UInt16) -> [Double] {
        guard let entry = entries[tag], entry.type == 5, let bytes = bytes(tag) else { return [] }
        var values: [Double] = []
        for index in 0..<Int(min(entry.count, 16)) {
            guard let above = number(bytes, index * 8, 4), let below = number(bytes, index * 8 + 4, 4), below > 0
            else { break }
            values.append(Double(above) / Double(below))
        }
        return values
    }

    private func number(_ bytes: [UInt8], _ index: Int, _ width: Int) -> Int64? {
        Self.number(bytes, index, width, isLittleEndian)
    }

    /// `nil` beyond the end, and for what is larger than any file.
    private static func number(_ bytes: [UInt8], _ index: Int, _ width: Int, _ isLittle: Bool) -> Int64? {
        guard index >= 0, index + width <= bytes.count else { return nil }
        let part = bytes[index..<index + width]
        let value =
            isLittle
            ? part.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            : part.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return value < 1 << 60 ? Int64(value) : nil
    }

    private static func size(of type: UInt16) -> Int64 {
        switch type {
        case 3, 8: 2
        case 4, 9, 11, 13: 4
        case 5, 10, 12, 16, 17, 18: 8
        default: 1
        }
    }
}
