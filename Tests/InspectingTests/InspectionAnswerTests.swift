import Artefacts
import Foundation
import InspectionWire
import Testing

@testable import Inspecting

@Suite struct InspectionAnswerTests {
    private let report = InspectionReport(
        mimeType: "image/jpeg", magicMimeType: "image/jpeg", wholeness: .damaged(evidence: "no end"),
        media: Media(width: 1, height: 2, orientation: 6, duration: 0.25, codecs: ["h264"], hasLocation: true),
        device: Device(make: "M"),
        dates: [DateEvidence(raw: "x", source: .exifOriginal, at: Date(timeIntervalSince1970: 1.25), offset: 3600)],
        tools: ["libmagic": "544"])

    @Test func `an answer comes out of its frame as it went in`() throws {
        for answer in [InspectionAnswer.report(report), .failed(reason: "why"), .needsPlayer] {
            #expect(try InspectionAnswer(frame: answer.frame()) == answer)
        }
    }

    @Test func `a frame cut at any byte, or with one more, is no answer`() throws {
        let frame = try InspectionAnswer.report(report).frame()

        for length in 0..<frame.count {
            #expect(throws: InspectionWireError.self) { try InspectionAnswer(frame: frame.prefix(length)) }
        }
        #expect(throws: InspectionWireError.incomplete) { try InspectionAnswer(frame: frame + [0]) }
        #expect(throws: InspectionWireError.tooLong(size: 70_000)) {
            try InspectionAnswer(frame: Data(count: 70_000))
        }
    }

    @Test func `a report beyond all measure is not believed`() {
        var wide = report
        wide.media.width = -1
        var long = report
        long.media.duration = .infinity
        var many = report
        many.media.codecs = Array(repeating: "x", count: 100)
        var wordy = report
        wordy.device?.model = String(repeating: "x", count: 10_000)

        #expect(report.isPlausible)
        for liar in [wide, long, many, wordy] { #expect(!liar.isPlausible) }
    }
}
