import Artefacts
import Foundation
import InspectionWire
import Testing

@testable import Inspecting

@Suite struct CaptureDateRulesTests {
    private let receivedAt = date("2026-11-24T08:00:00Z")

    @Test(arguments: [
        ("2026-07-01T12:00:00Z", "2026-07-01T11:00:00Z"),
        ("2026-01-01T12:00:00Z", "2026-01-01T12:00:00Z"),
        ("2026-03-29T00:59:59Z", "2026-03-29T00:59:59Z"),
        ("2026-03-29T02:00:00Z", "2026-03-29T01:00:00Z"),
        ("2026-10-25T00:59:59Z", "2026-10-24T23:59:59Z"),
        ("2026-10-25T02:00:00Z", "2026-10-25T02:00:00Z"),
    ])
    func `without a zone, clocks of the United Kingdom are assumed`(_ local: String, _ instant: String) {
        let chosen = choose(evidence(.exifOriginal, local, offset: nil))

        #expect(chosen.at == date(instant))
        #expect(chosen.offset == nil)
        #expect(chosen.confidence == .b)
    }

    @Test(arguments: [
        "1904-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1980-01-01T00:00:00Z", "2002-12-08T12:00:00Z",
        "2026-11-26T00:00:00Z",
    ])
    func `what a clock says that was never set is no date`(_ text: String) {
        #expect(choose(evidence(.exifOriginal, text, offset: 0)).source == .received)
    }

    @Test func `the camera's own date is above every other`() {
        let all: [CaptureDate.Source] = [
            .exifModified, .containerCreation, .exifDigitised, .quickTimeKeys, .exifOriginal,
        ]
        var dates = all.map { evidence($0, "2026-05-01T10:00:00Z", offset: 0) }
        var chosen: [CaptureDate.Source] = []
        while !dates.isEmpty {
            let best = CaptureDateRules.choose(from: dates, receivedAt: receivedAt).source
            chosen.append(best)
            dates.removeAll { $0.source == best }
        }

        #expect(chosen == [.exifOriginal, .quickTimeKeys, .exifDigitised, .containerCreation, .exifModified])
    }

    @Test func `where a file says nothing, its arrival is all that is known`() {
        let chosen = CaptureDateRules.choose(from: [], receivedAt: receivedAt)

        #expect(chosen.at == receivedAt)
        #expect(chosen.source == .received)
        #expect(chosen.confidence == .e)
    }

    private func choose(_ evidence: DateEvidence) -> CaptureDate {
        CaptureDateRules.choose(from: [evidence], receivedAt: receivedAt)
    }

    private func evidence(_ source: CaptureDate.Source, _ text: String, offset: Int?) -> DateEvidence {
        DateEvidence(raw: text, source: source, at: date(text), offset: offset)
    }
}

private func date(_ text: String) -> Date {
    guard let date = try? Date(text, strategy: .iso8601) else { preconditionFailure("not a date: \(text)") }
    return date
}
