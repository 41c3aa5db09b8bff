internal import Artefacts
internal import InspectionWire
internal import Reading

/// A WebP.
///
/// Source: RFC 9649, section 2.
enum WebPImage {
    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard let riff = RIFFChunks(file, head), riff.form == "WEBP" else { return nil }
        let kind = head.fourCharacters(12)
        var finding = FormatFinding("image/webp", puid: puid(kind), wholeness: riff.wholeness)
        finding.end = riff.end
        if riff["VP8 "] == nil, riff["VP8L"] == nil, riff["ANMF"] == nil {
            finding.wholeness = .damaged(evidence: "no picture data")
        }
        if riff["ANIM"] != nil { finding.features.insert(.animated) }
        if let exif = riff["EXIF"], exif.size <= 64 << 10 {
            let bytes = file.read(at: exif.start, count: Int(exif.size))
            finding.exif = bytes.has("Exif\0\0") ? bytes : Array("Exif\0\0".utf8) + bytes
        }
        finding.xmp = RIFFDates(file, riff).xmp
        measure(kind, Array(head.dropFirst(20).prefix(16)), &finding)
        if TrailingBytes.isPolyglot(head) { finding.features.insert(.polyglot) }
        return finding
    }

    private static func puid(_ kind: String?) -> PUID? {
        switch kind {
        case "VP8 ": "fmt/566"
        case "VP8L": "fmt/567"
        case "VP8X": "fmt/568"
        default: nil
        }
    }

    private static func measure(_ kind: String?, _ bytes: [UInt8], _ finding: inout FormatFinding) {
        switch kind {
        case "VP8X" where bytes.count >= 10:
            finding.width = 1 + Int(bytes[4]) + Int(bytes[5]) << 8 + Int(bytes[6]) << 16
            finding.height = 1 + Int(bytes[7]) + Int(bytes[8]) << 8 + Int(bytes[9]) << 16
        case "VP8L":
            guard let bits: UInt32 = bytes.littleEndian(1) else { return }
            finding.width = 1 + Int(bits & 0x3FFF)
            finding.height = 1 + Int(bits >> 14 & 0x3FFF)
        case "VP8 ":
            guard let width: UInt16 = bytes.littleEndian(6), let height: UInt16 = bytes.littleEndian(8) else { return }
            finding.width = Int(width & 0x3FFF)
            finding.height = Int(height & 0x3FFF)
        default: break
        }
    }
}
