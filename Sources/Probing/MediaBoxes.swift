internal import Reading

/// The boxes of an MP4, a MOV, a 3GP or a HEIC, as far as they matter here.
///
/// Source: ISO/IEC 14496-12, sections 4.2 and 4.3; for images ISO/IEC 23008-12.
struct MediaBoxes {
    /// The major brand and then the compatible ones.
    private(set) var brands: [String] = []
    private(set) var hasMovie = false
    private(set) var hasMeta = false
    /// The largest picture that an image file speaks of.
    private(set) var width: Int?
    private(set) var height: Int?
    /// Whether the boxes end where the file ends.
    private(set) var isWhole = false

    private static let maximumBoxes = 10_000
    private static let maximumMetaSize = 1 << 20

    init?(_ file: FileBytes) {
        guard let first = file.read(at: 4, count: 4).fourCharacters(0),
            ["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"].contains(first)
        else { return nil }
        var position: Int64 = 0
        for _ in 0..<Self.maximumBoxes where position < file.size {
            guard let box = Self.box(file, position) else { return }
            take(box, file)
            position = box.end
        }
        isWhole = position == file.size
    }

    private struct Box {
        let type: String
        let content: Int64
        let end: Int64
    }

    private static func box(_ file: FileBytes, _ position: Int64) -> Box? {
        let head = file.read(at: position, count: 16)
        guard let short: UInt32 = head.bigEndian(0), let type = head.fourCharacters(4) else { return nil }
        switch short {
        case 0: return Box(type: type, content: position + 8, end: file.size)
        case 1:
            guard let long: Int64 = head.bigEndian(8), long >= 16, long <= .max - position else { return nil }
            return Box(type: type, content: position + 16, end: position + long)
        case 2..<8: return nil
        default: return Box(type: type, content: position + 8, end: position + Int64(short))
        }
    }

    private mutating func take(_ box: Box, _ file: FileBytes) {
        switch box.type {
        case "ftyp":
            let bytes = file.read(at: box.content, count: Int(min(box.end - box.content, 256)))
            let offsets = [0] + Array(stride(from: 8, to: bytes.count, by: 4))
            brands = offsets.compactMap { bytes.fourCharacters($0) }
        case "moov": hasMovie = true
        case "meta":
            hasMeta = true
            measure(file.read(at: box.content, count: Int(min(box.end - box.content, Int64(Self.maximumMetaSize)))))
        default: break
        }
    }

    /// Takes the largest `ispe` property: the others are of tiles and thumbnails.
    private mutating func measure(_ meta: [UInt8]) {
        for index in meta.indices.dropLast(16) where meta[index] == UInt8(ascii: "i") && meta.has("ispe", at: index) {
            guard let w: UInt32 = meta.bigEndian(index + 8), let h: UInt32 = meta.bigEndian(index + 12),
                Int(w) * Int(h) > (width ?? 0) * (height ?? 0)
            else { continue }
            (width, height) = (Int(w), Int(h))
        }
    }
}
