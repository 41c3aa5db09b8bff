internal import Artefacts
internal import InspectionWire
internal import Reading

/// The chain of directories of a TIFF, one for each page.
///
/// Source: TIFF 6.0, section 2; DNG 1.7.
struct TIFFPages {
    private let file: FileBytes
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
    private static let maximumStrips = 65_536

    init?(_ file: FileBytes) {
        guard let first = TIFFDirectory(header: { file.read(at: $0, count: $1) }) else { return nil }
        self.file = file
        isBig = first.isBig
        walk(from: first)
    }

    private mutating func walk(from first: TIFFDirectory) {
        var seen: Set<Int64> = []
        var page: TIFFDirectory? = first
        while let directory = page {
            guard seen.insert(directory.place).inserted else {
                damage = "directories in a circle"
                return
            }
            guard seen.count <= Self.maximumPages else {
                hasTooMany = true
                return
            }
            guard directory.isWhole else {
                damage = "a directory lies behind the end"
                return
            }
            take(directory, isFirst: seen.count == 1)
            guard let next = directory.next else {
                damage = "a directory is cut"
                return
            }
            page = next == 0 ? nil : directory.following(at: next)
        }
    }

    private mutating func take(_ page: TIFFDirectory, isFirst: Bool) {
        if (page.numbers(254).first ?? 0) & 1 == 0 { pages += 1 }
        if isFirst {
            width = page.numbers(256).first
            height = page.numbers(257).first
            let version = page.numbers(0xC612)
            if version.count == 4 { negative = (version[0], version[1]) }
            isGeographic = page.has(0x87AF)
        }
        for (offsets, lengths) in [(273, 279), (324, 325)] as [(UInt16, UInt16)] where damage == nil {
            let lengths = page.numbers(lengths, limit: Self.maximumStrips)
            for (index, offset) in page.numbers(offsets, limit: Self.maximumStrips).enumerated()
            where Int64(offset + (index < lengths.count ? lengths[index] : 0)) > file.size {
                damage = "picture data behind the end"
                return
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
        guard let tiff = TIFFPages(file) else { return nil }
        let isCanon = head.has("CR", at: 8)
        var finding = FormatFinding(
            tiff.negative != nil ? "image/dng" : isCanon ? "image/x-canon-cr2" : "image/tiff",
            puid: isCanon ? "fmt/592" : tiff.puid(head))
        finding.wholeness = .whole(tiff.damage == nil, or: tiff.damage ?? "")
        (finding.width, finding.height, finding.pages) = (tiff.width, tiff.height, max(1, tiff.pages))
        if tiff.hasTooMany { finding.features.insert(.tooManyParts) }
        // A TIFF has no end: its parts lie in any order.
        if TrailingBytes.hasArchive(file, behind: 8) || TrailingBytes.isPolyglot(head) {
            finding.features.insert(.polyglot)
        }
        return finding
    }
}
