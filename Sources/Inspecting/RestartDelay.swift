/// When a program that keeps ending may be started again. Pure.
///
/// Every start without an answer doubles the time until the next.
struct RestartDelay {
    private static let first: Duration = .milliseconds(100)
    private static let longest: Duration = .seconds(10)

    private var delay = Self.first
    private var earliest: ContinuousClock.Instant?

    /// Whether enough time has passed since the last start.
    func mayStart(at now: ContinuousClock.Instant) -> Bool { earliest.map { $0 <= now } ?? true }

    /// The program was started, or it was tried.
    mutating func started(at now: ContinuousClock.Instant) {
        earliest = now + delay
        delay = min(delay * 2, Self.longest)
    }

    /// The program works.
    mutating func answered() { self = RestartDelay() }
}
