internal import Artefacts
internal import InspectionWire
internal import Reading

/// The sections of a Photoshop document.
///
/// Source: Adobe Photoshop File Formats Specification (2019).
enum PhotoshopDocument {
    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard head.has("8BPS"), let version: UInt16 = head.bigEndian(4), version == 1 || version == 2 else {
            return nil
        }
        var finding = FormatFinding("image/vnd.adobe.photoshop", puid: version == 1 ? "x-fmt/92" : "fmt/996")
        finding.height = head.bigEndian(14, as: UInt32.self).map { Int($0) }
        finding.width = head.bigEndian(18, as: UInt32.self).map { Int($0) }
        var position: Int64 = 26
        for section in 0..<3 {
            let isLong = section == 2 && version == 2
            let bytes = file.read(at: position, count: 8)
            let long: Int64? = isLong ? bytes.bigEndian(0) : nil
            guard let length = long ?? bytes.bigEndian(0, as: UInt32.self).map({ Int64($0) }), length >= 0,
                length < 1 << 60
            else {
                finding.wholeness = .damaged(evidence: "a section is cut")
                return finding
            }
            position += length + (isLong ? 8 : 4)
        }
        finding.wholeness = wholeness(file, head, position)
        return finding
    }

    /// The picture as a whole comes last, with a row table where it is compressed.
    private static func wholeness(_ file: FileBytes, _ head: [UInt8], _ position: Int64) -> Wholeness {
        guard let compression: UInt16 = file.read(at: position, count: 2).bigEndian(0),
            let channels: UInt16 = head.bigEndian(12), let height: UInt32 = head.bigEndian(14),
            let width: UInt32 = head.bigEndian(18), let depth: UInt16 = head.bigEndian(22)
        else { return .damaged(evidence: "no picture data") }
        let rows = Int64(channels) * Int64(min(height, 300_000))
        switch compression {
        case 0:
            let size = rows * ((Int64(min(width, 300_000)) * Int64(min(depth, 32)) + 7) / 8)
            return .whole(position + 2 + size <= file.size, or: "shorter than its picture")
        case 1 where rows <= 1_000_000:
            let width = head.bigEndian(4, as: UInt16.self) == 1 ? 2 : 4
            let table = file.read(at: position + 2, count: Int(rows) * width)
            guard table.count == Int(rows) * width else { return .damaged(evidence: "a section is cut") }
            let sum = stride(from: 0, to: table.count, by: width).reduce(0 as Int64) { sum, index in
                sum + table[index..<index + width].reduce(0) { $0 << 8 | Int64($1) }
            }
            return .whole(position + 2 + Int64(table.count) + sum <= file.size, or: "shorter than its picture")
        default: return .unknown
        }
    }
}
