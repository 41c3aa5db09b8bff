internal import Reading

/// One directory of tags of a TIFF, which is what EXIF is made of too.
///
/// Bounded: at most so many entries are read, and of each value so many bytes.
///
/// Source: TIFF 6.0, section 2.
struct TIFFDirectory {
    /// Reads bytes at an offset from the header.
    typealias Source = (_ offset: Int64, _ count: Int) -> [UInt8]

    private struct Entry {
        let type: UInt16
        let count: Int
        /// Where the value is, from the header.
        let place: Int64
    }

    private let source: Source
    private let isLittleEndian: Bool
    private var entries: [UInt16: Entry] = [:]

    private static let maximumEntries = 1000
    private static let maximumValueSize = 1 << 20

    /// The first directory behind a header; `nil` where there is no such header.
    init?(header source: @escaping Source) {
        let head = source(0, 8)
        let isLittle = head.has("II*\0")
        guard isLittle || head.has("MM\0*"), let place: UInt32 = isLittle ? head.littleEndian(4) : head.bigEndian(4)
        else { return nil }
        self.init(source, isLittle, at: Int64(place))
    }

    private init(_ source: @escaping Source, _ isLittleEndian: Bool, at place: Int64) {
        self.source = source
        self.isLittleEndian = isLittleEndian
        let count = Int(number(source(place, 2), 0, as: UInt16.self) ?? 0)
        let bytes = source(place + 2, min(count, Self.maximumEntries) * 12)
        for index in stride(from: 0, to: bytes.count - 11, by: 12) {
            guard let tag = number(bytes, index, as: UInt16.self), let type = number(bytes, index + 2, as: UInt16.self),
                let count = number(bytes, index + 4, as: UInt32.self),
                let offset = number(bytes, index + 8, as: UInt32.self)
            else { return }
            let isInside = Int(count) * Self.size(of: type) <= 4
            entries[tag] = Entry(
                type: type, count: Int(count), place: isInside ? place + 2 + Int64(index) + 8 : Int64(offset))
        }
    }

    var isEmpty: Bool { entries.isEmpty }

    /// The directory that a tag points to.
    func directory(_ tag: UInt16) -> TIFFDirectory? {
        numbers(tag).first.map { TIFFDirectory(source, isLittleEndian, at: Int64($0)) }
    }

    /// The bytes of a value.
    func bytes(_ tag: UInt16) -> [UInt8]? {
        guard let entry = entries[tag] else { return nil }
        return source(entry.place, min(entry.count * Self.size(of: entry.type), Self.maximumValueSize))
    }

    /// A text without the spaces and the zero at its end; `nil` where there is none.
    func text(_ tag: UInt16) -> String? {
        guard entries[tag]?.type == 2, let bytes = bytes(tag) else { return nil }
        let text = String(decoding: bytes.prefix(256).prefix { $0 != 0 }, as: UTF8.self)
        let kept = text.reversed().drop { $0.isWhitespace }.reversed()
        return kept.isEmpty ? nil : String(kept)
    }

    /// Whole numbers, of at most 32 bits each.
    func numbers(_ tag: UInt16) -> [Int] {
        guard let entry = entries[tag], let bytes = bytes(tag) else { return [] }
        return (0..<min(entry.count, 16)).compactMap { index in
            switch entry.type {
            case 1: number(bytes, index, as: UInt8.self).map { Int($0) }
            case 3: number(bytes, index * 2, as: UInt16.self).map { Int($0) }
            case 8: number(bytes, index * 2, as: Int16.self).map { Int($0) }
            case 4, 13: number(bytes, index * 4, as: UInt32.self).map { Int($0) }
            default: nil
            }
        }
    }

    /// Fractions; one with a denominator of zero ends the list.
    func rationals(_ tag: UInt16) -> [Double] {
        guard let entry = entries[tag], entry.type == 5, let bytes = bytes(tag) else { return [] }
        var values: [Double] = []
        for index in 0..<min(entry.count, 16) {
            guard let above = number(bytes, index * 8, as: UInt32.self),
                let below = number(bytes, index * 8 + 4, as: UInt32.self), below > 0
            else { break }
            values.append(Double(above) / Double(below))
        }
        return values
    }

    private func number<Number: FixedWidthInteger>(_ bytes: [UInt8], _ index: Int, as: Number.Type) -> Number? {
        isLittleEndian ? bytes.littleEndian(index) : bytes.bigEndian(index)
    }

    private static func size(of type: UInt16) -> Int {
        switch type {
        case 3, 8: 2
        case 4, 9, 11, 13: 4
        case 5, 10, 12: 8
        default: 1
        }
    }
}
