internal import Reading

/// The marker segments of a JPEG up to its first scan, and whether it ends as it should.
///
/// Source: ITU-T T.81, annex B.
struct JPEGMarkers {
    private(set) var width: Int?
    private(set) var height: Int?
    /// The EXIF block, which begins with `Exif\0\0`.
    private(set) var exif: [UInt8]?
    /// Whether a scan begins at all.
    private(set) var hasScan = false
    /// Whether the end-of-image marker is there.
    let hasEnd: Bool

    private static let maximumSegments = 4096

    init?(_ file: FileBytes) {
        guard file.read(at: 0, count: 3) == [0xFF, 0xD8, 0xFF] else { return nil }
        hasEnd = Self.findEnd(file)
        walk(file)
    }

    private mutating func walk(_ file: FileBytes) {
        var position: Int64 = 2
        for _ in 0..<Self.maximumSegments {
            let head = file.read(at: position, count: 4)
            guard head.count == 4, head[0] == 0xFF else { return }
            let marker = head[1]
            if marker == 0xFF {
                position += 1
                continue
            }
            if marker == 0xDA {
                hasScan = true
                return
            }
            guard let length: UInt16 = head.bigEndian(2), length >= 2 else { return }
            take(marker, file.read(at: position + 4, count: Int(length) - 2))
            position += 2 + Int64(length)
        }
    }

    private mutating func take(_ marker: UInt8, _ segment: [UInt8]) {
        let isFrame = (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
        if isFrame, width == nil, let h: UInt16 = segment.bigEndian(1), let w: UInt16 = segment.bigEndian(3) {
            (width, height) = (Int(w), Int(h))
        } else if marker == 0xE1, exif == nil, segment.has("Exif\0\0") {
            exif = segment
        }
    }

    /// Cameras write other things behind the image, so the marker is looked
    /// for in the last 64 KiB, or where the file ends in a video, anywhere in it.
    private static func findEnd(_ file: FileBytes) -> Bool {
        let tail = file.tail(64 << 10)
        if tail.suffix(2) == [0xFF, 0xD9] { return true }
        return tail.indices.dropLast().contains { tail[$0] == 0xFF && tail[$0 + 1] == 0xD9 }
    }
}
