/// Keeps reading below a rate, so that people are not kept waiting.
package actor Pace {
    private let bytesPerSecond: Int64?
    private var spent: Int64 = 0
    private var began: ContinuousClock.Instant = .now

    /// - Parameter bytesPerSecond: `nil`: as fast as it goes.
    package init(bytesPerSecond: Int64?) { self.bytesPerSecond = bytesPerSecond }

    /// Says that so many bytes were read; waits until the next may be.
    ///
    /// - Throws: `CancellationError` when there is nothing more to be waited for.
    package func spend(_ bytes: Int) async throws {
        try Task.checkCancellation()
        guard let bytesPerSecond else { return }
        // What was not used in a pause is not made up for afterwards.
        if began.duration(to: .now) > .seconds(2) + .seconds(Double(spent) / Double(bytesPerSecond)) {
            (began, spent) = (.now, 0)
        }
        spent += Int64(bytes)
        let due = began.advanced(by: .seconds(Double(spent) / Double(bytesPerSecond)))
        if due > .now { try await Task.sleep(until: due) }
    }
}
