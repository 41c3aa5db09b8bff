import Foundation
import Testing

@testable import Ingesting

@Suite struct RetryRuleTests {
    private let rule = RetryRule()

    @Test(arguments: [(1, 2), (2, 8), (3, 32), (4, 128)])
    func `a job that goes wrong waits four times as long each time`(_ attempts: Int, _ seconds: Int) {
        #expect(rule.delay(after: attempts, chance: 0.5) == .seconds(seconds))
    }

    @Test func `a job that went wrong five times is given up`() {
        #expect(rule.delay(after: 5, chance: 0) == nil)
    }

    @Test(arguments: [(1, 0), (2, 2), (3, 8), (4, 32), (5, 60), (9, 60)])
    func `a job during which the daemon stopped waits behind the others, and then the longer the oftener it did`(
        _ stops: Int, _ seconds: Int
    ) {
        #expect(rule.delay(afterStops: stops, chance: 0.5) == .seconds(seconds))
    }

    @Test(arguments: [(0.0, 1), (10, 5), (600, 300), (1_000_000, 300)])
    func `what waits for the scanner is tried the more seldom the longer it waits`(_ waited: Double, _ seconds: Int) {
        let now = Date()

        #expect(rule.wait(since: now.addingTimeInterval(-waited), at: now) == .seconds(seconds))
    }
}
