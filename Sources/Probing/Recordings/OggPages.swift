internal import Artefacts
internal import InspectionWire
internal import Reading

/// The pages of an Ogg file, each with its check.
///
/// Source: RFC 3533, section 6; RFC 7845 for Opus.
struct OggPages {
    private(set) var damage: String?
    private(set) var hasLast = false
    private(set) var end: Int64 = 0

    private static let maximumPages = 1_000_000
    private static let maximumChecked: Int64 = 32 << 20

    /// Not the usual order of bits, so not zlib's.
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index) << 24) { value, _ in value & 1 << 31 != 0 ? value << 1 ^ 0x04C1_1DB7 : value << 1 }
    }

    private init(_ file: FileBytes) {
        for _ in 0..<Self.maximumPages where end < file.size {
            let head = file.read(at: end, count: 27)
            guard head.has("OggS") else {
                if head.count < 27 { damage = "a page is cut" }
                return
            }
            guard head.count == 27 else {
                damage = "a page is cut"
                return
            }
            let lengths = file.read(at: end + 27, count: Int(head[26]))
            let size = 27 + lengths.count + lengths.reduce(0) { $0 + Int($1) }
            guard lengths.count == Int(head[26]), end + Int64(size) <= file.size else {
                damage = "a page is cut"
                return
            }
            hasLast = head[5] & 4 != 0
            if end < Self.maximumChecked, Self.check(file.read(at: end, count: size)) != head.littleEndian(22) {
                damage = "a page fails its check"
                return
            }
            end += Int64(size)
        }
    }

    private static func check(_ page: [UInt8]) -> UInt32 {
        var value: UInt32 = 0
        for (index, byte) in page.enumerated() {
            let byte = (22..<26).contains(index) ? 0 : byte
            value = value << 8 ^ table[Int(UInt8(truncatingIfNeeded: value >> 24) ^ byte)]
        }
        return value
    }

    /// Source: DROID V122.
    private static func puid(_ head: [UInt8]) -> PUID {
        let first = Array(head.prefix(512))
        if first.contains(text: "OpusHead") { return "fmt/946" }
        if first.contains(text: "\u{80}theora") || first.contains(text: "theora") { return "fmt/945" }
        if first.contains(text: "vorbis") { return "fmt/203" }
        if first.contains(text: "Speex   ") { return "fmt/948" }
        return first.contains(text: "FLAC") ? "fmt/947" : "fmt/944"
    }

    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard head.has("OggS\0") else { return nil }
        let pages = OggPages(file)
        var finding = FormatFinding("video/ogg", sound: "audio/ogg", puid: puid(head))
        // Some recorders never write a last page.
        finding.wholeness = pages.damage.map { .damaged(evidence: $0) } ?? (pages.hasLast ? .whole : .unknown)
        if pages.damage == nil { finding.end = pages.end }
        return finding
    }
}
