internal import Artefacts
internal import FoundationEssentials
internal import InspectionWire

/// What the creation time of a movie is: devices write the beginning or the
/// end there, in UTC or in local time. Pure.
///
/// The name of the file tells, where it has a time of its own; else the maker.
struct MovieClock {
    /// The time in the header, read as UTC.
    let written: Date
    /// Seconds.
    let duration: Double
    let device: Device?
    /// The date in the name, with a time.
    let name: DateEvidence?

    /// When the recording began.
    enum Start: Hashable {
        /// At that instant, at a place with that offset, if it is known.
        case instant(Date, offset: Int?, CaptureDate.Confidence)
        /// When clocks somewhere showed that, given as if it were UTC.
        case local(Date, CaptureDate.Confidence)
    }

    var start: Start { byName ?? byMaker }

    private var byName: Start? {
        guard let name else { return nil }
        // F-M and F-(M-D).
        let fromStart = name.at.timeIntervalSince(written)
        let fromEnd = fromStart + duration
        let isSame = abs(fromStart) <= 2 || abs(fromEnd) <= 3
        if name.offset != nil { return isSame ? .instant(name.at, offset: nil, .a) : nil }
        if isSame { return .local(name.at, .b) }
        if let offset = RealOffset.nearest(to: fromEnd, within: 5), offset != 0 {
            return .instant(name.at.addingTimeInterval(-Double(offset)), offset: offset, .a)
        }
        if let offset = RealOffset.nearest(to: fromStart, within: 2), offset != 0 {
            return .instant(written, offset: offset, .a)
        }
        return nil
    }

    private var byMaker: Start {
        if device?.make == "Apple" { return .instant(written, offset: nil, .b) }
        if device?.software?.hasPrefix("Android ") == true {
            return .instant(written.addingTimeInterval(-duration), offset: nil, .c)
        }
        let makesLocal = ["gopro", "nikon"].contains { device?.make?.lowercased().hasPrefix($0) ?? false }
        return makesLocal ? .local(written, .b) : .instant(written, offset: nil, .c)
    }
}
