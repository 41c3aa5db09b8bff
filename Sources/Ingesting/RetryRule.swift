package import FoundationEssentials

/// When a job that went wrong is tried again. Pure.
package struct RetryRule: Sendable {
    /// How often a job goes wrong before it is given up.
    package var attempts = 5
    /// How often the daemon stops during a job before it is given up. Most of
    /// what stops a daemon comes from outside, and hits whatever runs then: so
    /// often in a row it is the job.
    package var stops = 10
    /// About how long a job waits that went wrong the first time; four times as long each further time.
    package var firstDelay: Duration = .seconds(2)
    /// The most that a job waits during which the daemon stopped.
    package var longestDelayAfterStop: Duration = .seconds(60)
    /// How long all wait for what is nobody's fault to pass, such as a full disk.
    package var pause: Duration = .seconds(30)

    /// The least and the most that a job waits for the scanner.
    package var waits: ClosedRange<Duration> = .seconds(1) ... .seconds(300)

    package init() {}

    /// How long a job waits that has been waiting for the scanner since then: the longer, the more seldom it is tried.
    package func wait(since beginning: Date, at now: Date) -> Duration {
        min(max(waits.lowerBound, .seconds(now.timeIntervalSince(beginning) / 2)), waits.upperBound)
    }

    /// How long a job waits that went wrong so often; `nil`: it is given up.
    ///
    /// - Parameter chance: from 0 to 1; keeps jobs apart that went wrong together.
    package func delay(after failures: Int, chance: Double) -> Duration? {
        failures < attempts ? delay(times: failures, chance) : nil
    }

    /// How long a job waits during which the daemon stopped so often.
    ///
    /// After the first time it only goes behind those that wait already. Should
    /// it be what stops the daemon, the others get the more time to be done the oftener it did.
    ///
    /// - Parameter chance: from 0 to 1; keeps jobs apart that ran together, so
    ///   that one which stops the daemon does not do so during the others again.
    package func delay(afterStops stops: Int, chance: Double) -> Duration {
        stops > 1 ? min(delay(times: stops - 1, chance), longestDelayAfterStop) : .zero
    }

    private func delay(times: Int, _ chance: Double) -> Duration {
        var delay = firstDelay * (0.5 + chance)
        for _ in 1..<max(1, times) { delay *= 4 }
        return delay
    }
}
