import Ingesting
import Testing

/// When what can wait gives way.
@Suite struct RushTests {
    private let rush = Rush()
    private let start = ContinuousClock.now

    @Test func `a few files at once are no rush`() {
        for _ in 1..<Rush.many { rush.begin() }
        let during = rush.isNow || rush.isOn(at: start)
        for _ in 1..<Rush.many { rush.end(at: start) }

        #expect(!during)
        #expect(!rush.isOn(at: start))
    }

    @Test func `many files at once are one, until a moment after they became fewer`() {
        for _ in 0..<Rush.many { rush.begin() }
        let during = rush.isNow && rush.isOn(at: start)
        for _ in 0..<Rush.many { rush.end(at: start) }

        #expect(during)
        #expect(!rush.isNow)
        #expect(rush.isOn(at: start + Rush.pause / 2))
        #expect(!rush.isOn(at: start + Rush.pause))
    }
}
