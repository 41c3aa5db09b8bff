internal import Artefacts
internal import FoundationEssentials
internal import InspectionWire
internal import Reading

/// When an ASF (WMV, WMA) says it was made.
///
/// Source: Advanced Systems Format Specification 01.20.06, sections 3.1 and 3.2.
struct ASFHeader {
    private(set) var dates: [DateEvidence] = []

    private static let header: [UInt8] = [
        0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6, 0xD9, 0x00, 0xAA, 0x00, 0x62, 0xCE, 0x6C,
    ]
    private static let fileProperties: [UInt8] = [
        0xA1, 0xDC, 0xAB, 0x8C, 0x47, 0xA9, 0xCF, 0x11, 0x8E, 0xE4, 0x00, 0xC0, 0x0C, 0x20, 0x53, 0x65,
    ]

    init?(_ file: FileBytes) {
        guard file.read(at: 0, count: 16) == Self.header else { return nil }
        var position: Int64 = 30
        for _ in 0..<100 {
            let head = file.read(at: position, count: 24)
            guard let size: Int64 = head.littleEndian(16), size >= 24, size <= 1 << 32 else { return }
            if Array(head[..<16]) == Self.fileProperties {
                // Behind the identifier of the file and its size.
                if let date = Date(fileTime: file.read(at: position + 48, count: 8)) {
                    dates.append(DateText.evidence(date, .containerCreation))
                }
                return
            }
            position += size
        }
    }
}

extension Date {
    /// Of Windows: 100 nanoseconds since 1601, least significant byte first; `nil` for 0 and beyond reason.
    init?(fileTime bytes: [UInt8], at index: Int = 0) {
        guard let ticks: UInt64 = bytes.littleEndian(index), ticks > 0, ticks < 1 << 60 else { return nil }
        self.init(timeIntervalSince1970: Double(ticks / 10_000) / 1000 - 11_644_473_600)
    }
}
