internal import Glibc

/// The processor's time that one derivative may take, so that the others are made too.
struct ProcessorBudget {
    private let end: Double
    private let start: Double
    private let seconds: Double

    init(seconds: Double) {
        self.seconds = seconds
        start = Self.spent
        end = start + seconds
    }

    /// - Parameter share: how much of the work is done, if that is known; what would never end is then given up early.
    /// - Throws: ``RenderingError`` when the time is spent, or will not do.
    func check(done share: Double? = nil) throws(RenderingError) {
        let spent = Self.spent
        guard spent < end else { throw RenderingError("it takes too long to convert") }
        if let share, spent - start > seconds / 10, (spent - start) / max(share, 0.001) > seconds * 1.5 {
            throw RenderingError("it is too long to be converted")
        }
    }

    /// Seconds of the processor's time that this process has taken.
    static var spent: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
