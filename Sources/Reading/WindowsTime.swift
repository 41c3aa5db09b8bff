package import FoundationEssentials

extension Date {
    /// Of Windows: 100 nanoseconds since 1601, least significant byte first; `nil` for 0 and beyond reason.
    ///
    /// Source: [MS-DTYP] 2.3.3, FILETIME.
    package init?(fileTime bytes: [UInt8], at index: Int = 0) {
        guard let ticks: UInt64 = bytes.littleEndian(index), ticks > 0, ticks < 1 << 60 else { return nil }
        self.init(timeIntervalSince1970: Double(ticks / 10_000) / 1000 - 11_644_473_600)
    }
}
