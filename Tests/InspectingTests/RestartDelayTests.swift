import Testing

@testable import Inspecting

@Suite struct RestartDelayTests {
    private let start = ContinuousClock.now

    @Test(arguments: [(1, 100), (2, 200), (5, 1600), (8, 10_000), (50, 10_000)])
    func `each start without an answer doubles the time until the next, up to ten seconds`(
        _ starts: Int, _ milliseconds: Int
    ) {
        var delay = RestartDelay()
        for _ in 0..<starts { delay.started(at: start) }

        #expect(!delay.mayStart(at: start + .milliseconds(milliseconds - 1)))
        #expect(delay.mayStart(at: start + .milliseconds(milliseconds)))
    }

    @Test func `after an answer, a program that ends is started again at once`() {
        var delay = RestartDelay()
        delay.started(at: start)
        delay.started(at: start)
        delay.answered()

        #expect(delay.mayStart(at: start))
    }
}
