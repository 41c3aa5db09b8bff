internal import Artefacts
internal import InspectionWire
internal import Reading

/// Sheets of Excel 2 to 4, which are no compound file.
///
/// Source: MS-XLS for the record; DROID V122 for the kinds.
enum OldSheet {
    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard let record: UInt16 = head.littleEndian(0), let length: UInt16 = head.littleEndian(2),
            let kind: UInt16 = head.littleEndian(6), let puids = puids[record], (4...8).contains(length)
        else { return nil }
        switch kind {
        case 0x10: return FormatFinding("application/vnd.ms-excel", puid: puids.sheet)
        case 0x40:
            var finding = FormatFinding("application/vnd.ms-excel", puid: puids.macros)
            finding.features.insert(.macros)
            return finding
        default: return nil
        }
    }

    private static let puids: [UInt16: (sheet: PUID, macros: PUID)] = [
        0x0009: ("fmt/55", "fmt/555"), 0x0209: ("fmt/56", "fmt/556"), 0x0409: ("fmt/57", "x-fmt/123"),
    ]
}
