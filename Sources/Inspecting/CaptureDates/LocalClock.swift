internal import FoundationEssentials

/// The clocks of one place.
struct LocalClock {
    let zone: TimeZone

    /// The instant at which clocks there showed `local`, given as if it were UTC.
    ///
    /// An hour that happens twice is taken as the first; in an hour that does
    /// not happen, clocks are taken not to have been put forward.
    func instant(ofLocal local: Date) -> Date {
        let day: TimeInterval = 24 * 3600
        let before = zone.secondsFromGMT(for: local.addingTimeInterval(-day))
        let after = zone.secondsFromGMT(for: local.addingTimeInterval(day))
        let possible = [max(before, after), min(before, after)].map { (local.addingTimeInterval(-Double($0)), $0) }
        return possible.first { zone.secondsFromGMT(for: $0.0) == $0.1 }?.0
            ?? local.addingTimeInterval(-Double(before))
    }

    /// Seconds east of UTC at an instant.
    func offset(at instant: Date) -> Int { zone.secondsFromGMT(for: instant) }

    /// The days since 1970-01-01 that a calendar there shows at an instant.
    func day(at instant: Date) -> Int {
        Int(((instant.timeIntervalSince1970 + Double(offset(at: instant))) / 86_400).rounded(.down))
    }
}
