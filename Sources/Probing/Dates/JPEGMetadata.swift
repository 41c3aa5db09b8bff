internal import Reading

/// The EXIF and the XMP of a JPEG, which stand before its picture.
///
/// Source: ITU-T T.81, annex B; EXIF 2.32, 4.7.2; XMP part 3, 1.1.3.
struct JPEGMetadata {
    /// The EXIF block, which begins with `Exif\0\0`.
    private(set) var exif: [UInt8]?
    private(set) var xmp: [UInt8]?

    private static let maximumSegments = 1000
    private static let xmpName = "http://ns.adobe.com/xap/1.0/\0"

    init?(_ file: FileBytes) {
        guard file.read(at: 0, count: 3) == [0xFF, 0xD8, 0xFF] else { return nil }
        var position: Int64 = 2
        for _ in 0..<Self.maximumSegments {
            let head = file.read(at: position, count: 4)
            guard head.first == 0xFF, let length: UInt16 = head.bigEndian(2) else { return }
            if head[1] == 0xFF {
                position += 1
                continue
            }
            // At the start of a scan the picture begins.
            guard head[1] != 0xDA, length >= 2 else { return }
            if head[1] == 0xE1 { take(file.read(at: position + 4, count: Int(length) - 2)) }
            position += 2 + Int64(length)
        }
    }

    private mutating func take(_ segment: [UInt8]) {
        if exif == nil, segment.has("Exif\0\0") { exif = segment }
        if xmp == nil, segment.has(Self.xmpName) { xmp = Array(segment.dropFirst(Self.xmpName.utf8.count)) }
    }
}
