import Artefacts
import Testing

@testable import Ingesting

@Suite struct RetryTimesTests {
    @Test func `each attempt doubles the wait, up to five minutes, for that file alone`() {
        var times = RetryTimes()
        let (file, other) = (ArtefactID(), ArtefactID())
        var now = ContinuousClock.now

        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            #expect(times.isDue(file, at: now))
            times.waits(file, at: now)
            #expect(!times.isDue(file, at: now + .seconds(seconds) - .milliseconds(1)))
            #expect(times.isDue(other, at: now))
            now += .seconds(seconds)
        }
        times.settled(file)
        times.waits(file, at: now)

        #expect(times.isDue(file, at: now + .seconds(1)))
    }
}
