internal import Artefacts
internal import Glibc
internal import InspectionWire
internal import Reading

/// The marker segments of a JPEG, from its beginning to its end-of-image marker.
///
/// Source: ITU-T T.81, annex B.
struct JPEGMarkers {
    private(set) var width: Int?
    private(set) var height: Int?
    /// The EXIF block, which begins with `Exif\0\0`.
    private(set) var exif: [UInt8]?
    private(set) var xmp: [UInt8]?
    /// Whether a scan begins at all.
    private(set) var hasScan = false
    /// Behind the end-of-image marker; `nil` where there is none.
    private(set) var end: Int64?
    /// Version of JFIF, such as 0x0102.
    private var fileInterchange: UInt16?
    private var isExifFirst = false
    /// Further pictures follow the first (CIPA DC-007).
    private(set) var hasMorePictures = false

    private static let maximumSegments = 4096
    /// Source: XMP part 3, 1.1.3.
    private static let xmpName = "http://ns.adobe.com/xap/1.0/\0"
    /// Bytes of picture data that are looked through for the end.
    private static let maximumScan: Int64 = 64 << 20

    init?(_ file: FileBytes) {
        guard file.read(at: 0, count: 3) == [0xFF, 0xD8, 0xFF] else { return nil }
        walk(file)
    }

    private mutating func walk(_ file: FileBytes) {
        var position: Int64 = 2
        for index in 0..<Self.maximumSegments {
            let head = file.read(at: position, count: 4)
            guard head.count >= 2, head[0] == 0xFF else { return }
            let marker = head[1]
            if marker == 0xFF {
                position += 1
                continue
            }
            if marker == 0xD9 {
                end = position + 2
                return
            }
            guard let length: UInt16 = head.bigEndian(2), length >= 2 else { return }
            if marker == 0xDA {
                hasScan = true
                guard let next = Self.nextMarker(file, from: position + 2 + Int64(length)) else {
                    end = Self.lastEnd(file, from: position)
                    return
                }
                position = next
                continue
            }
            take(marker, file.read(at: position + 4, count: Int(length) - 2), isFirst: index == 0)
            position += 2 + Int64(length)
        }
    }

    private mutating func take(_ marker: UInt8, _ segment: [UInt8], isFirst: Bool) {
        let isFrame = (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
        if isFrame, width == nil, let h: UInt16 = segment.bigEndian(1), let w: UInt16 = segment.bigEndian(3) {
            (width, height) = (Int(w), Int(h))
        } else if marker == 0xE1, exif == nil, segment.has("Exif\0\0") {
            exif = segment
            isExifFirst = isFirst
        } else if marker == 0xE1, xmp == nil, segment.has(Self.xmpName) {
            xmp = Array(segment.dropFirst(Self.xmpName.utf8.count))
        } else if marker == 0xE0, segment.has("JFIF\0") {
            fileInterchange = segment.bigEndian(5)
        } else if marker == 0xE2, segment.has("MPF\0") {
            hasMorePictures = true
        }
    }

    /// Picture data has no marker but restarts; a 0xFF in it is followed by zero.
    private static func nextMarker(_ file: FileBytes, from start: Int64) -> Int64? {
        var found: Int64?
        var isHalf = false
        file.scan(from: start, to: start + maximumScan) { position, piece in
            guard let base = piece.baseAddress else { return .onwards }
            var index = 0
            while index < piece.count {
                if isHalf {
                    let byte = piece[index]
                    isHalf = byte == 0xFF
                    if byte != 0, byte != 0xFF, !(0xD0...0xD7).contains(byte) {
                        found = position + Int64(index) - 1
                        return .enough
                    }
                    index += 1
                }
                guard let hit = memchr(base + index, 0xFF, piece.count - index) else { break }
                index = hit - UnsafeMutableRawPointer(mutating: base) + 1
                isHalf = true
            }
            return .onwards
        }
        return found
    }

    /// Of a picture that is too large to be looked through.
    private static func lastEnd(_ file: FileBytes, from start: Int64) -> Int64? {
        guard file.size - start > maximumScan else { return nil }
        let tail = file.tail(64 << 10)
        let last = tail.indices.dropLast().last { tail[$0] == 0xFF && tail[$0 + 1] == 0xD9 }
        return last.map { file.size - Int64(tail.count - $0) + 2 }
    }

    /// Source: DROID V122.
    var puid: PUID {
        if isExifFirst, let exif, let version = ExifVersion.find(in: exif), let puid = Self.puids[version] {
            return puid
        }
        switch fileInterchange {
        case 0x0100: return "fmt/42"
        case 0x0101: return "fmt/43"
        case 0x0102: return "fmt/44"
        default: return "fmt/41"
        }
    }

    private static let puids: [String: PUID] = [
        "0200": "x-fmt/398", "0210": "x-fmt/390", "0220": "x-fmt/391", "0221": "fmt/645", "0230": "fmt/1507",
        "0231": "fmt/1507", "0232": "fmt/1507",
    ]
}

extension JPEGMarkers {
    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard let jpeg = JPEGMarkers(file) else { return nil }
        var finding = FormatFinding("image/jpeg", puid: jpeg.puid)
        finding.wholeness = .whole(jpeg.hasScan && jpeg.end != nil, or: "no end-of-image marker")
        (finding.width, finding.height) = (jpeg.width, jpeg.height)
        (finding.exif, finding.xmp) = (jpeg.exif, jpeg.xmp)
        if TrailingBytes.isPolyglot(head) { finding.features.insert(.polyglot) }
        guard let end = jpeg.end, end < file.size else { return finding }
        switch MotionPhoto.film(in: file, behind: end) {
        case .whole: finding.features.insert(.motion)
        case .cut:
            finding.features.insert(.motion)
            finding.wholeness = .damaged(evidence: "the film behind the picture is cut")
        case nil where MotionPhoto.isCameraTrailer(file) || (jpeg.hasMorePictures && Self.isPicture(file, end)): break
        case nil: finding.end = end
        }
        return finding
    }

    /// Another JPEG, behind padding.
    private static func isPicture(_ file: FileBytes, _ end: Int64) -> Bool {
        let bytes = file.read(at: end, count: 64 << 10)
        guard let first = bytes.firstIndex(where: { $0 != 0 }) else { return true }
        return bytes[first...].starts(with: [0xFF, 0xD8, 0xFF])
    }
}
