import Glibc
import Synchronization

/// A line on the terminal that says how far a file has come; silent elsewhere.
final class ProgressBar: Sendable {
    private struct State {
        var shownAt: ContinuousClock.Instant?
        var position: Int64 = 0
        var first: (position: Int64, at: ContinuousClock.Instant)?
    }

    private let name: String
    private let size: Int64
    private let isShown: Bool
    private let state = Mutex(State())

    init(name: String, size: Int64) {
        self.name = name
        self.size = size
        isShown = isatty(STDERR_FILENO) == 1
    }

    /// Shows the position, at most ten times a second.
    func move(to position: Int64) {
        guard isShown else { return }
        let line: String? = state.withLock { state in
            let now = ContinuousClock.now
            if let shown = state.shownAt, shown.duration(to: now) < .milliseconds(100), position < size { return nil }
            state.shownAt = now
            let first = state.first ?? (position, now)
            state.first = first
            let seconds = first.at.duration(to: now) / .seconds(1)
            let rate = seconds > 0.2 ? Double(position - first.position) / seconds : 0
            return text(position, rate)
        }
        if let line { write(line) }
    }

    /// Shows the position that is so many bytes further.
    func advance(by count: Int64) {
        move(
            to: state.withLock { state in
                state.position += count
                return state.position
            })
    }

    /// Says something in place of the bar.
    func say(_ words: String) {
        if isShown { write("\(name): \(words)") }
    }

    /// Leaves the line.
    func end() {
        if isShown { Output.errors("\r\u{1B}[K") }
    }

    private func text(_ position: Int64, _ rate: Double) -> String {
        let share = size == 0 ? 1 : Double(position) / Double(size)
        let filled = Int(share * 24)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        let megabytes = { (bytes: Double) in String(Int((bytes / 1e5).rounded())).withDecimalPoint }
        return
            "\(name)  \(bar) \(Int(share * 100)) %  \(megabytes(Double(position))) of \(megabytes(Double(size))) MB  \(megabytes(rate)) MB/s"
    }

    private func write(_ line: String) {
        Output.errors("\r\u{1B}[K" + line)
    }
}

extension String {
    /// `123` as `12.3`.
    fileprivate var withDecimalPoint: String { count < 2 ? "0." + self : "\(dropLast()).\(suffix(1))" }
}
