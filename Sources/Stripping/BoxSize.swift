internal import Reading

/// Whether a box is as long as what it says of itself, so that no other hides in it.
///
/// Source: ISO/IEC 14496-12, section 8.
struct BoxSize {
    private let type: String
    private let size: Int64
    private let head: [UInt8]
    private let entries: Bool

    private static let maximumOther: Int64 = 64 << 20

    init(_ file: FileBytes, _ box: Box) throws(StrippingError) {
        type = box.type
        size = Int64(box.body.count)
        head = file.read(at: box.content, count: Int(min(size, 16)))
        entries = box.type != "stsd" || (try? Box.all(file, in: min(box.content + 8, box.end)..<box.end)) != nil
    }

    var isExact: Bool {
        switch type {
        case "mvhd": size == (isLong ? 112 : 100)
        case "tkhd": size == (isLong ? 96 : 84)
        case "mdhd": size == (isLong ? 36 : 24)
        case "vmhd": size == 12
        case "smhd": size == 8
        case "nmhd", "sthd": size == 4
        case "mehd": size == (isLong ? 12 : 8)
        case "trex": size == 24
        case "mfhd": size == 8
        case "tfdt": size == (isLong ? 12 : 8)
        case "elst": size == 8 + count(4) * (isLong ? 20 : 12)
        case "stts", "ctts", "co64", "stsh": size == 8 + count(4) * 8
        case "stsc": size == 8 + count(4) * 12
        case "stco", "stss", "stps": size == 8 + count(4) * 4
        case "stsz": size == 12 + (count(4) == 0 ? count(8) * 4 : 0)
        case "stz2": head.count == 12 ? size == 12 + (count(8) * Int64(head[7]) + 7) / 8 : size >= 12
        case "stsd": size >= 8 && entries
        default: size <= Self.maximumOther
        }
    }

    private var isLong: Bool { head.first == 1 }

    private func count(_ index: Int) -> Int64 { head.bigEndian(index, as: UInt32.self).map { Int64($0) } ?? -1 }
}
