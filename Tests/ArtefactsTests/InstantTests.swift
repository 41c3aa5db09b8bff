import Artefacts
import Foundation
import Testing

@Suite struct InstantTests {
    @Test func `every millisecond is written as it is, and read back`() {
        for milliseconds in Int64(1_650_000_000_000)...1_650_000_002_000 {
            let text = Instant.text(of: Date(timeIntervalSince1970: Double(milliseconds) / 1000))
            let fraction = milliseconds % 1000
            let expected =
                "2022-04-15T05:20:0\((milliseconds / 1000) % 10)"
                + (fraction == 0 ? "Z" : "." + String(1000 + fraction).dropFirst() + "Z")

            #expect(text == expected)
            #expect(Instant.parse(text).map { ($0.timeIntervalSince1970 * 1000).rounded() } == Double(milliseconds))
        }
    }
}
