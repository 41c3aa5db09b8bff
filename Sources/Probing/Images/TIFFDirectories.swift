internal import Artefacts
internal import InspectionWire
internal import Reading

/// The chain of directories of a TIFF, one for each page.
///
/// Source: TIFF 6.0, section 2; DNG 1.7; BigTIFF as in libtiff's documentation.
struct TIFFDirectories {
    private struct Entry {
        let type: UInt16
        let count: Int64
        /// Where the values stand.
        let position: Int64
    }

    private let file: FileBytes
    private let isLittle: Bool
    private let isBig: Bool
    private(set) var pages = 0
    private(set) var width: Int?
    private(set) var height: Int?
    private(set) var damage: String?
    private(set) var hasTooMany = false
    /// Major and minor, where it is a digital negative.
    private(set) var negative: (Int, Int)?
    private var isGeographic = false

    private static let maximumPages = 10_000
    private static let maximumEntries = 1024
    private static let maximumStrips = 65_536

    init?(_ file: FileBytes, _ head: [UInt8]) {
        guard head.count >= 8, head.has("II") || head.has("MM") else { return nil }
        isLittle = head.has("II")
        let version: UInt16? = isLittle ? head.littleEndian(2) : head.bigEndian(2)
        guard version == 42 || version == 43 else { return nil }
        isBig = version == 43
        self.file = file
        walk()
    }

    private mutating func walk() {
        var next = number(at: isBig ? 8 : 4, bytes: isBig ? 8 : 4)
        var seen: Set<Int64> = []
        while let position = next, position != 0 {
            guard seen.insert(position).inserted else {
                damage = "directories in a circle"
                return
            }
            guard seen.count <= Self.maximumPages else {
                hasTooMany = true
                return
            }
            guard let entries = entries(at: position) else {
                damage = "a directory lies behind the end"
                return
            }
            take(entries.found, isFirst: seen.count == 1)
            next = number(at: entries.end, bytes: isBig ? 8 : 4)
            if next == nil { damage = "a directory is cut" }
        }
        if seen.isEmpty { damage = "no directory" }
    }

    /// Little or big-endian, as the file is.
    private func number(at position: Int64, bytes count: Int) -> Int64? {
        let bytes = file.read(at: position, count: count)
        guard bytes.count == count else { return nil }
        let value = (isLittle ? bytes.reversed() : bytes).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return value <= UInt64(Int64.max >> 1) ? Int64(value) : nil
    }

    private func entries(at position: Int64) -> (found: [UInt16: Entry], end: Int64)? {
        guard let count = number(at: position, bytes: isBig ? 8 : 2), count <= Self.maximumEntries else { return nil }
        let (first, size): (Int64, Int64) = isBig ? (position + 8, 20) : (position + 2, 12)
        guard first + count * size <= file.size else { return nil }
        var found: [UInt16: Entry] = [:]
        for index in 0..<count {
            let entry = first + index * size
            guard let tag = number(at: entry, bytes: 2), let type = number(at: entry + 2, bytes: 2),
                let values = number(at: entry + 4, bytes: isBig ? 8 : 4)
            else { continue }
            let field = entry + (isBig ? 12 : 8)
            let width = Self.width(UInt16(type))
            let isInline = values <= (isBig ? 8 : 4) / width
            guard let position = isInline ? field : number(at: field, bytes: isBig ? 8 : 4) else { continue }
            found[UInt16(tag)] = Entry(type: UInt16(type), count: values, position: position)
        }
        return (found, first + count * size)
    }

    private static func width(_ type: UInt16) -> Int64 {
        switch type {
        case 3, 8: 2
        case 4, 9, 11, 13: 4
        case 5, 10, 12, 16, 17, 18: 8
        default: 1
        }
    }

    private func values(_ entry: Entry?) -> [Int64] {
        guard let entry else { return [] }
        let width = Self.width(entry.type)
        return (0..<min(entry.count, Int64(Self.maximumStrips))).compactMap {
            number(at: entry.position + $0 * width, bytes: Int(width))
        }
    }

    private mutating func take(_ entries: [UInt16: Entry], isFirst: Bool) {
        if (values(entries[254]).first ?? 0) & 1 == 0 { pages += 1 }
        if isFirst {
            width = values(entries[256]).first.map { Int($0) }
            height = values(entries[257]).first.map { Int($0) }
            let version = values(entries[0xC612])
            if version.count == 4 { negative = (Int(version[0]), Int(version[1])) }
            isGeographic = entries[0x87AF] != nil
        }
        for (offsets, lengths) in [(273, 279), (324, 325)] as [(UInt16, UInt16)] where damage == nil {
            let lengths = values(entries[lengths])
            for (index, offset) in values(entries[offsets]).enumerated() {
                guard offset + (index < lengths.count ? lengths[index] : 0) <= file.size else {
                    damage = "picture data behind the end"
                    return
                }
            }
        }
    }

    /// Source: DROID V122.
    private func puid(_ head: [UInt8]) -> PUID {
        if let negative { return Self.negatives[negative.0 * 10 + negative.1] ?? "fmt/1943" }
        if isBig { return "fmt/1917" }
        if isGeographic { return "fmt/155" }
        switch ExifVersion.find(in: head) ?? ExifVersion.find(in: file.tail(64 << 10)) {
        case "0220": return "x-fmt/387"
        case "0210": return "x-fmt/388"
        default: return "fmt/353"
        }
    }

    private static let negatives: [Int: PUID] = [
        10: "fmt/436", 11: "fmt/152", 12: "fmt/437", 13: "fmt/438", 14: "fmt/730", 15: "fmt/1841", 16: "fmt/1842",
        17: "fmt/1943",
    ]

    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard let tiff = TIFFDirectories(file, head) else { return nil }
        let isCanon = head.has("CR", at: 8)
        var finding = FormatFinding(
            tiff.negative != nil ? "image/dng" : isCanon ? "image/x-canon-cr2" : "image/tiff",
            puid: isCanon ? "fmt/592" : tiff.puid(head))
        finding.wholeness = .whole(tiff.damage == nil, or: tiff.damage ?? "")
        (finding.width, finding.height, finding.pages) = (tiff.width, tiff.height, max(1, tiff.pages))
        if !tiff.isBig { finding.exif = Array("Exif\0\0".utf8) + head.prefix(65_000) }
        if tiff.hasTooMany { finding.features.insert(.tooManyParts) }
        // A TIFF has no end: its parts lie in any order.
        if TrailingBytes.hasArchive(file, behind: 8) || TrailingBytes.isPolyglot(head) {
            finding.features.insert(.polyglot)
        }
        return finding
    }
}
