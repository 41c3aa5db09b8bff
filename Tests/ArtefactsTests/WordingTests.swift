import Artefacts
import Testing

@Suite struct WordingTests {
    @Test(arguments: [
        (Int64(0), "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (3_240_000, "3.2 MB"), (12_000_000_000, "12 GB"),
    ])
    func `sizes are said as phones say them`(_ bytes: Int64, _ text: String) {
        #expect(Wording.size(bytes) == text)
    }

    @Test(arguments: [
        (CaptureDate.Precision.second, "2 July 2026, 00:30"), (.minute, "2 July 2026, 00:30"), (.day, "2 July 2026"),
        (.month, "July 2026"), (.year, "2026"),
    ])
    func `a date is said as finely as it is known`(_ precision: CaptureDate.Precision, _ text: String) throws {
        let instant = try #require(Instant.parse("2026-07-01T23:30:00Z"))
        let date = CaptureDate(at: instant, precision: precision, source: .fileName, confidence: .d, offset: nil)

        #expect(Wording.date(date) == text)
    }

    @Test func `an instant is said in the time of its place`() throws {
        let instant = try #require(Instant.parse("2026-07-01T23:30:00Z"))

        #expect(Wording.instant(instant, offset: nil) == "2 July 2026, 00:30")
        #expect(Wording.instant(instant, offset: -3600) == "1 July 2026, 22:30")
        #expect(Wording.day(instant, offset: nil) == "2026-07-02")
        #expect(Wording.day(instant, offset: -3600) == "2026-07-01")
    }

    @Test(arguments: [
        (51.507351, -0.127758, "51.50735° north, 0.12776° west"), (-33.5, 151, "33.5° south, 151.0° east"),
    ])
    func `a place is said to about a metre`(_ latitude: Double, _ longitude: Double, _ text: String) throws {
        let position = try #require(Position(latitude: latitude, longitude: longitude, source: .xmp))

        #expect(Wording.position(position) == text)
    }

    @Test(arguments: [(31.4, "31 metres above the sea"), (-2.0, "2 metres below the sea")])
    func `a height is said by the sea`(_ metres: Double, _ text: String) {
        #expect(Wording.altitude(metres) == text)
    }

    @Test(arguments: [(0, "+00:00"), (3600, "+01:00"), (-12_600, "-03:30")])
    func `an offset is written as RFC 3339 has it`(_ seconds: Int, _ text: String) {
        #expect(Instant.text(ofOffset: seconds) == text)
    }
}
