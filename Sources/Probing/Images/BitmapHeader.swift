internal import Artefacts
internal import InspectionWire
internal import Reading

/// The header of a Windows or OS/2 bitmap.
///
/// Source: Microsoft, BITMAPFILEHEADER and BITMAPV5HEADER.
enum BitmapHeader {
    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard head.has("BM"), let start: UInt32 = head.littleEndian(10), let header: UInt32 = head.littleEndian(14),
            [12, 40, 52, 56, 64, 108, 124].contains(header), let size = size(head, header)
        else { return nil }
        let compression: UInt32 = header == 12 ? 0 : head.littleEndian(30) ?? 0
        var finding = FormatFinding("image/bmp", puid: puid(header, compression))
        (finding.width, finding.height) = (size.width, size.height)
        // No picture is larger, and no product too large.
        let (width, height) = (Int64(min(size.width, 1_000_000)), Int64(min(size.height, 1_000_000)))
        let row = (width * Int64(size.bits) + 31) / 32 * 4
        let declared: UInt32 = head.littleEndian(2) ?? 0
        let isPlain = compression == 0 || compression == 3 || compression == 6
        let end = isPlain ? Int64(start) + row * height : Int64(declared)
        finding.wholeness = .whole(end <= file.size, or: "shorter than its picture")
        finding.end = max(end, Int64(declared))
        if TrailingBytes.isPolyglot(head) { finding.features.insert(.polyglot) }
        return finding
    }

    private static func size(_ head: [UInt8], _ header: UInt32) -> (width: Int, height: Int, bits: Int)? {
        if header == 12 {
            guard let w: UInt16 = head.littleEndian(18), let h: UInt16 = head.littleEndian(20),
                let bits: UInt16 = head.littleEndian(24), bits <= 32
            else { return nil }
            return (Int(w), Int(h), Int(bits))
        }
        guard let w: Int32 = head.littleEndian(18), let h: Int32 = head.littleEndian(22), w > 0, h != 0,
            let planes: UInt16 = head.littleEndian(26), planes == 1, let bits: UInt16 = head.littleEndian(28),
            bits <= 64
        else { return nil }
        // Upside down where it is negative.
        return (Int(w), abs(Int(h)), Int(bits))
    }

    /// Source: DROID V122.
    private static func puid(_ header: UInt32, _ compression: UInt32) -> PUID? {
        switch header {
        case 12: "fmt/115"
        case 40: compression == 3 ? "fmt/117" : "fmt/116"
        case 64: "x-fmt/270"
        case 108: "fmt/118"
        case 124: "fmt/119"
        default: nil
        }
    }
}
