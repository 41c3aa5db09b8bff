internal import Synchronization

/// Whether so many files come in at once that what can wait should wait.
package final class Rush: Sendable {
    private struct State {
        /// Files that are being brought to their end.
        var count = 0
        /// When there were last many of them.
        var latest: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// More than one person's browser sends at once.
    package static let many = 6
    /// Between one file and the next of those who send many there are moments without.
    package static let pause: Duration = .milliseconds(500)

    package init() {}

    /// Whether many files are being brought to their end.
    package var isNow: Bool { state.withLock { $0.count >= Self.many } }

    /// Whether many files are being brought to their end, or were a moment ago.
    package func isOn(at now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            state.count >= Self.many || state.latest.map { $0.duration(to: now) < Self.pause } ?? false
        }
    }

    /// A file is being brought to its end.
    package func begin() { state.withLock { $0.count += 1 } }

    /// It is at its end.
    package func end(at now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            if state.count >= Self.many { state.latest = now }
            state.count -= 1
        }
    }
}
