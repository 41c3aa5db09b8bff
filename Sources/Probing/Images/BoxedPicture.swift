internal import Artefacts
internal import InspectionWire
internal import Reading

/// JPEG 2000 and JPEG XL, whose boxes are those of ISO media files with a signature before them.
///
/// Source: ISO/IEC 15444-1, annex I; ISO/IEC 18181-2.
enum BoxedPicture {
    private static let jpeg2000: [UInt8] = [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A]
    private static let jpegXL: [UInt8] = [0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A]
    private static let maximumBoxes = 10_000

    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        if head.starts(with: [0xFF, 0x0A]) { return FormatFinding("image/jxl", puid: "fmt/1484") }
        if head.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) { return FormatFinding("image/j2c") }
        var finding: FormatFinding
        if head.starts(with: jpegXL) {
            finding = FormatFinding("image/jxl", puid: "fmt/1485")
        } else if head.starts(with: jpeg2000) {
            finding = FormatFinding("image/jp2", puid: head.has("jpx ", at: 20) ? "fmt/151" : "x-fmt/392")
            if let header = head.firstIndex(of: "ihdr") {
                finding.height = head.bigEndian(header + 4, as: UInt32.self).map { Int($0) }
                finding.width = head.bigEndian(header + 8, as: UInt32.self).map { Int($0) }
            }
        } else {
            return nil
        }
        var position: Int64 = 0
        var hasPicture = false
        for _ in 0..<maximumBoxes where position < file.size {
            guard let box = Box(file, position) else {
                if file.size - position < 8 {
                    finding.wholeness = .damaged(evidence: "a box is cut")
                    return finding
                }
                finding.end = position
                break
            }
            if ["jp2c", "jxlc", "jxlp"].contains(box.type) { hasPicture = true }
            position = box.end
        }
        finding.wholeness = .whole(hasPicture && position <= file.size, or: "a box is longer than the file")
        return finding
    }
}
