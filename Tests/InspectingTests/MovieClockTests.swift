import Artefacts
import Foundation
import InspectionWire
import Testing

@testable import Inspecting

/// A movie of a minute, with what its header and its name say.
struct Movie: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var header = "2026-07-02T10:00:00Z"
    var name = "movie.mp4"
    var device: Device?
    /// When it began.
    let start: String
    var offset: Int?
    let confidence: CaptureDate.Confidence

    static let all: [Movie] = [
        Movie(
            testDescription: "the header has the start in local time",
            header: "2026-07-02T10:00:01Z", name: "20260702_100000.mp4", start: "2026-07-02T09:00:00Z", confidence: .b),
        Movie(
            testDescription: "the header has the end in local time",
            header: "2026-07-02T10:01:02Z", name: "VID_20260702_100000.mp4", start: "2026-07-02T09:00:00Z",
            confidence: .b),
        Movie(
            testDescription: "in winter, local time and UTC are one",
            header: "2026-01-02T10:00:00Z", name: "20260102_100000.mp4", start: "2026-01-02T10:00:00Z", confidence: .b),
        Movie(
            testDescription: "the header has the end in UTC",
            header: "2026-07-02T10:01:03Z", name: "20260702_110000.mp4", start: "2026-07-02T10:00:00Z", offset: 3600,
            confidence: .a),
        Movie(
            testDescription: "the header has the end in UTC, far east",
            header: "2026-07-02T10:01:00Z", name: "20260702_154500.mp4", start: "2026-07-02T10:00:00Z", offset: 20_700,
            confidence: .a),
        Movie(
            testDescription: "the header has the start in UTC",
            name: "20260702_110000.mp4", start: "2026-07-02T10:00:00Z", offset: 3600, confidence: .a),
        Movie(
            testDescription: "the header has the start in UTC, in the west",
            name: "20260702_050000.mp4", start: "2026-07-02T10:00:00Z", offset: -18_000, confidence: .a),
        Movie(
            testDescription: "a name in UTC and a header with the end",
            header: "2026-07-02T10:01:00Z", name: "PXL_20260702_100000123.mp4", start: "2026-07-02T10:00:00.123Z",
            confidence: .a),
        Movie(
            testDescription: "a name that has nothing to do with the header",
            name: "20200102_030405.mp4", start: "2026-07-02T10:00:00Z", confidence: .c),
        Movie(
            testDescription: "a name with the time of the message, which is no time of the recording",
            name: "WhatsApp Video 2026-07-02 at 11.00.00.mp4", start: "2026-07-02T10:00:00Z", confidence: .c),
        Movie(
            testDescription: "Apple writes the start",
            device: Device(make: "Apple"), start: "2026-07-02T10:00:00Z", confidence: .b),
        Movie(
            testDescription: "Android writes the end",
            device: Device(make: "samsung", software: "Android 14"), start: "2026-07-02T09:59:00Z", confidence: .c),
        Movie(
            testDescription: "GoPro writes local time",
            device: Device(make: "GoPro"), start: "2026-07-02T09:00:00Z", confidence: .b),
        Movie(
            testDescription: "Nikon writes local time",
            device: Device(make: "NIKON CORPORATION"), start: "2026-07-02T09:00:00Z", confidence: .b),
        Movie(testDescription: "of others nobody knows", start: "2026-07-02T10:00:00Z", confidence: .c),
    ]
}

@Suite struct MovieClockTests {
    @Test(arguments: Movie.all)
    func `the name, the length and the maker tell what the header means`(_ movie: Movie) {
        let captured = Case(
            .video, type: "video/mp4", dates: [evidence(.containerCreation, movie.header, offset: 0)], name: movie.name,
            duration: 60, device: movie.device
        ).rules.captured

        #expect(captured.at == date(movie.start))
        #expect(captured.offset == movie.offset)
        #expect(captured.confidence == movie.confidence)
        #expect(captured.source == .containerCreation)
    }

    @Test func `a track that is dated further off than the movie is long was edited`() {
        func flags(_ track: String) -> [CaptureDateRules.Flag] {
            Case(
                .video, type: "video/mp4",
                dates: [
                    evidence(.containerCreation, "2026-07-02T10:00:00Z", offset: 0),
                    evidence(.containerCreation, track, offset: 0),
                ], duration: 60
            ).rules.flags
        }

        #expect(flags("2026-07-02T10:01:00Z") == [])
        #expect(flags("2026-07-02T12:00:00Z") == [.edited])
    }

    @Test func `a header without a date leaves it to the track`() {
        let captured = Case(
            .video, type: "video/mp4",
            dates: [
                evidence(.containerCreation, "1904-01-01T00:00:00Z", offset: 0),
                evidence(.containerCreation, "2026-07-02T12:00:00Z", offset: 0),
            ]
        ).rules.captured

        #expect(captured.at == date("2026-07-02T12:00:00Z"))
    }
}
