import Preserving
import Testing

@Suite struct PaceTests {
    @Test func `reading stays below the rate`() async throws {
        let pace = Pace(bytesPerSecond: 1_000_000)
        let began = ContinuousClock.now

        for _ in 0..<10 { try await pace.spend(50_000) }

        #expect(began.duration(to: .now) >= .milliseconds(500))
    }

    @Test func `without a rate nobody waits, and who is cancelled stops`() async throws {
        let pace = Pace(bytesPerSecond: nil)
        try await pace.spend(1 << 40)
        let task = Task {
            while true { try await pace.spend(1) }
        }
        task.cancel()

        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
