internal import Artefacts

/// When files that could not be scanned are examined again. Pure.
///
/// Each attempt doubles the time until the next.
struct RetryTimes {
    private static let first: Duration = .seconds(1)
    private static let longest: Duration = .seconds(300)

    private var times: [ArtefactID: (delay: Duration, earliest: ContinuousClock.Instant)] = [:]

    /// Whether it is time to examine the file.
    func isDue(_ id: ArtefactID, at now: ContinuousClock.Instant) -> Bool {
        times[id].map { $0.earliest <= now } ?? true
    }

    /// The file was examined, and has to wait.
    mutating func waits(_ id: ArtefactID, at now: ContinuousClock.Instant) {
        let delay = times[id].map { min($0.delay * 2, Self.longest) } ?? Self.first
        times[id] = (delay, now + delay)
    }

    /// The file does not have to be examined again.
    mutating func settled(_ id: ArtefactID) { times[id] = nil }
}
