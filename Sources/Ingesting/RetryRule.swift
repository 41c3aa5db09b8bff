package import FoundationEssentials

/// When a job that went wrong is tried again. Pure.
package struct RetryRule: Sendable {
    /// How often a job is begun before it is given up.
    package var attempts = 5
    /// About how long it waits the first time; four times as long each further time.
    package var firstDelay: Duration = .seconds(2)
    /// How long all wait for what is nobody's fault to pass, such as a full disk.
    package var pause: Duration = .seconds(30)

    /// The least and the most that a job waits for the scanner.
    package var waits: ClosedRange<Duration> = .seconds(1) ... .seconds(300)

    package init() {}

    /// How long a job waits that has been waiting for the scanner since then: the longer, the more seldom it is tried.
    package func wait(since beginning: Date, at now: Date) -> Duration {
        min(max(waits.lowerBound, .seconds(now.timeIntervalSince(beginning) / 2)), waits.upperBound)
    }

    /// How long a job waits that was begun so often; `nil`: it is given up.
    ///
    /// - Parameter chance: from 0 to 1; keeps jobs apart that went wrong together.
    package func delay(after attempts: Int, chance: Double) -> Duration? {
        guard attempts < self.attempts else { return nil }
        var delay = firstDelay * (0.5 + chance)
        for _ in 1..<max(1, attempts) { delay *= 4 }
        return delay
    }
}
