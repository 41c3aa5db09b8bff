import Artefacts
import Foundation
import InspectionWire
import Testing

@testable import Inspecting

@Suite struct CaptureDateRulesTests {
    @Test(arguments: [
        ("2026-07-01T12:00:00Z", "2026-07-01T11:00:00Z"),
        ("2026-01-01T12:00:00Z", "2026-01-01T12:00:00Z"),
        ("2026-03-29T00:59:59Z", "2026-03-29T00:59:59Z"),
        ("2026-03-29T02:00:00Z", "2026-03-29T01:00:00Z"),
        ("2026-10-25T00:59:59Z", "2026-10-24T23:59:59Z"),
        ("2026-10-25T01:30:00Z", "2026-10-25T00:30:00Z"),
        ("2026-10-25T02:00:00Z", "2026-10-25T02:00:00Z"),
    ])
    func `without a zone, clocks of the United Kingdom are assumed`(_ local: String, _ instant: String) {
        let rules = Case(dates: [evidence(.exifOriginal, local)]).rules

        #expect(rules.captured.at == date(instant))
        #expect(rules.captured.offset == nil)
        #expect(rules.captured.confidence == .b)
        #expect(rules.flags == [.assumedZone])
    }

    @Test func `the zone of the sender's device is before the one that is assumed`() {
        let abroad = Case(dates: [evidence(.exifOriginal, "2026-07-01T12:00:00Z")], timeZone: "Asia/Kolkata").rules

        #expect(abroad.captured.at == date("2026-07-01T06:30:00Z"))
        #expect(abroad.captured.offset == 19_800)
        #expect(abroad.captured.confidence == .b)
        #expect(abroad.flags == [])
    }

    @Test func `an operator elsewhere has another zone assumed`() {
        let rules = Case(
            dates: [evidence(.exifOriginal, "2026-07-01T12:00:00Z")], zone: TimeZone(identifier: "Asia/Tokyo") ?? .gmt
        ).rules

        #expect(rules.captured.at == date("2026-07-01T03:00:00Z"))
        #expect(rules.captured.offset == 32_400)
        #expect(rules.flags == [.assumedZone])
    }

    @Test(arguments: [
        ("2026-07-01T10:00:07Z", "2026-07-01T09:00:00Z", 3600),
        ("2026-07-01T14:42:00Z", "2026-07-01T09:00:00Z", 20_700),
        ("2026-07-01T23:10:00Z", "2026-07-02T09:00:00Z", -36_000),
    ])
    func `what satellites say of the time gives the offset of a local time`(
        _ local: String, _ satellites: String, _ offset: Int
    ) {
        let captured = Case(
            dates: [evidence(.exifOriginal, local), evidence(.positionTime, satellites, offset: 0)]
        ).rules.captured

        #expect(captured.offset == offset)
        #expect(captured.at == date(local).addingTimeInterval(-Double(offset)))
        #expect(captured.confidence == .b)
    }

    @Test func `the place of a photo tells the zone of its time, before all that is declared`() {
        var atHome = Case(dates: [evidence(.exifOriginal, "2026-07-01T12:00:00Z")], timeZone: "Asia/Kolkata")
        atHome.report.position = Position(latitude: 51.5, longitude: -0.12, source: .exif)

        #expect(atHome.rules.captured.at == date("2026-07-01T11:00:00Z"))
        #expect(atHome.rules.captured.offset == 3600)
        #expect(atHome.rules.captured.confidence == .b)
        #expect(atHome.rules.flags == [])
    }

    @Test(arguments: [
        ("London", 51.5, -0.12), ("Lizard Point", 49.96, -5.21), ("Scilly", 49.92, -6.3), ("Dover", 51.13, 1.31),
        ("Lowestoft", 52.48, 1.76), ("Dungeness", 50.91, 0.97), ("Unst", 60.8, -0.8), ("Derry", 55, -7.3),
        ("Cork", 51.9, -8.5), ("Holyhead", 53.3, -4.6),
    ])
    func `these places have the time of London`(_ place: String, _ latitude: Double, _ longitude: Double) throws {
        #expect(BritishIsles.contains(try #require(Position(latitude: latitude, longitude: longitude, source: .exif))))
    }

    @Test(arguments: [
        ("Calais", 50.95, 1.85), ("Cape Gris-Nez", 50.87, 1.58), ("Dieppe", 49.92, 1.08), ("Cherbourg", 49.64, -1.62),
        ("Brest", 48.39, -4.49), ("Ostend", 51.23, 2.92), ("Bergen", 60.39, 5.32), ("New York", 40.7, -74),
        ("Gibraltar", 36.14, -5.35), ("Tórshavn", 62.01, -6.77), ("Le Tréport", 50.06, 1.37),
    ])
    func `of these places nothing is said`(_ place: String, _ latitude: Double, _ longitude: Double) throws {
        #expect(!BritishIsles.contains(try #require(Position(latitude: latitude, longitude: longitude, source: .exif))))
    }

    @Test func `satellites that were last seen on another day say nothing`() {
        let rules = Case(
            dates: [
                evidence(.exifOriginal, "2026-07-03T12:00:00Z"),
                evidence(.positionTime, "2026-07-01T09:00:00Z", offset: 0),
            ]
        ).rules

        #expect(rules.captured.at == date("2026-07-03T11:00:00Z"))
        #expect(rules.flags == [.assumedZone])
    }

    @Test(arguments: [
        "1904-01-01T00:00:00Z", "1904-01-01T12:00:00Z", "1970-01-01T00:00:00Z", "1980-01-01T00:00:00Z",
        "2002-12-08T12:00:00Z", "2026-11-26T00:00:00Z",
    ])
    func `what a clock says that was never set is no date, but is kept as evidence`(_ text: String) {
        let rules = Case(dates: [evidence(.exifOriginal, text, offset: 0)]).rules

        #expect(rules.captured.source == .received)
        #expect(rules.candidates.map(\.raw) == [text])
    }

    @Test func `a text that holds no possible date is kept as evidence`() {
        let blank = DateEvidence(
            raw: "0000:00:00 00:00:00", source: .exifOriginal, at: DateEvidence.impossible, offset: nil)

        #expect(Case(dates: [blank]).rules.captured.source == .received)
        #expect(Case(dates: [blank]).rules.candidates == [blank])
    }

    @Test(arguments: ["1970-01-01T01:00:00Z", "2002-12-08T12:00:01Z", "2026-11-25T07:59:59Z", "1985-06-01T12:00:00Z"])
    func `what only looks like that is a date`(_ text: String) {
        #expect(Case(dates: [evidence(.exifOriginal, text, offset: 0)]).rules.captured.at == date(text))
    }

    @Test func `in another offset, the beginning of time is still no date`() {
        let moved = evidence(.exifOriginal, "1970-01-01T00:00:00Z", offset: 3600)

        #expect(Case(dates: [moved]).rules.captured.source == .received)
    }

    @Test func `before the child was born, nothing was made`() {
        let dates = [
            evidence(.exifOriginal, "2016-12-31T12:00:00Z", offset: 0),
            evidence(.exifDigitised, "2020-05-01T12:00:00Z", offset: 0),
        ]

        let chosen = Case(dates: dates, notBefore: date("2017-03-04T00:00:00Z")).rules

        #expect(chosen.captured.source == .exifDigitised)
        #expect(chosen.candidates == dates)
    }

    @Test(arguments: [
        "2006-09-16T00:00:00Z", "2015-06-05T18:17:20Z", "2006-08-16T00:00:00Z", "2013-12-23T23:15:00Z",
        "2013-01-27T09:14:16Z", "2000-01-01T00:00:00Z",
    ])
    func `the date of a template is not that of the document`(_ text: String) {
        let template = evidence(.documentCreation, text, offset: 0)

        #expect(Case(.document, dates: [template]).rules.captured.source == .received)
        #expect(Case(dates: [evidence(.exifOriginal, text, offset: 0)]).rules.captured.source == .exifOriginal)
    }

    @Test(arguments: [
        (
            ArtefactKind.photo,
            [
                "exifOriginal A", "xmpOriginal B", "exifDigitised B", "xmpCreation C", "positionTime B",
                "pngCreation C", "fileName C", "exifModified D", "clientModified D", "received E",
            ]
        ),
        (
            .drawing,
            [
                "exifOriginal A", "xmpOriginal B", "exifDigitised B", "xmpCreation C", "positionTime B",
                "pngCreation C", "fileName C", "exifModified D", "clientModified D", "received E",
            ]
        ),
        (
            .video,
            [
                "quickTimeKeys A", "makerOriginal B", "xmpOriginal B", "containerCreation C", "xmpCreation C",
                "fileName C", "clientModified D", "received E",
            ]
        ),
        (
            .audio,
            [
                "quickTimeKeys A", "containerCreation C", "bextOrigination B", "audioTag C", "fileName C",
                "clientModified D", "received E",
            ]
        ),
        (
            .document,
            ["mailSent B", "xmpCreation C", "documentCreation C", "fileName C", "clientModified D", "received E"]
        ),
        (
            .message,
            ["mailSent B", "xmpCreation C", "documentCreation C", "fileName C", "clientModified D", "received E"]
        ),
    ])
    func `the first source of the chain wins`(_ kind: ArtefactKind, _ chain: [String]) {
        let every: [CaptureDate.Source] = [
            .received, .exifModified, .documentModification, .documentCreation, .mailSent, .audioTag, .bextOrigination,
            .containerCreation, .makerOriginal, .quickTimeKeys, .pngCreation, .positionTime, .xmpCreation,
            .xmpOriginal, .exifDigitised, .exifOriginal,
        ]
        var dates = every.map { evidence($0, "2026-05-01T10:00:00Z", offset: 0) }
        var name = "IMG_20260309_101112.jpg"
        var modified: Date? = date("2026-05-01T10:00:00Z")
        var found: [String] = []
        while found.last != "received E", found.count < 20 {
            let best = Case(kind, dates: dates, name: name, modified: modified).rules.captured
            found.append("\(best.source.rawValue) \(best.confidence.rawValue)")
            dates.removeAll { $0.source == best.source }
            if best.source == .fileName { name = "x.jpg" }
            if best.source == .clientModified { modified = nil }
        }

        #expect(found == chain)
    }

    @Test func `without an offset the best sources are less certain`() {
        #expect(Case(dates: [evidence(.exifOriginal, "2026-05-01T10:00:00Z")]).rules.captured.confidence == .b)
        #expect(Case(.video, dates: [evidence(.quickTimeKeys, "2026-05-01T10:00:00Z")]).rules.captured.confidence == .b)
    }

    @Test func `of a scanner it is the date of the copy`() {
        var scan = evidence(.exifDigitised, "2026-05-01T10:00:00Z", offset: 0)
        scan.meaning = .digitised

        #expect(Case(dates: [scan]).rules.captured.confidence == .c)
    }

    @Test(arguments: [
        (CaptureDate.Precision.second, CaptureDate.Confidence.c), (.minute, .c), (.day, .d), (.year, .d),
    ])
    func `a tag without a time is less certain`(
        _ precision: CaptureDate.Precision, _ confidence: CaptureDate.Confidence
    ) {
        var tag = evidence(.audioTag, "2026-05-01T00:00:00Z")
        tag.precision = precision
        let captured = Case(.audio, dates: [tag]).rules.captured

        #expect(captured.confidence == confidence)
        #expect(captured.precision == precision)
    }

    @Test func `originals that are more than a day apart are flagged`() {
        let original = evidence(.exifOriginal, "2026-05-01T10:00:00Z", offset: 0)

        #expect(Case(dates: [original, evidence(.xmpOriginal, "2026-05-02T09:00:00Z", offset: 0)]).rules.flags == [])
        #expect(
            Case(dates: [original, evidence(.xmpOriginal, "2026-05-02T11:00:00Z", offset: 0)]).rules.flags
                == [.disagreement])
    }

    @Test func `a name with only a day takes the time of the last change on that day`() {
        let name = "IMG-20260701-WA0003.jpg"
        let agreeing = Case(name: name, modified: date("2026-07-01T22:30:00Z")).rules.captured
        let nextDay = Case(name: name, modified: date("2026-07-01T23:30:00Z")).rules.captured

        #expect(agreeing.at == date("2026-07-01T22:30:00Z"))
        #expect(agreeing.source == .clientModified)
        #expect(agreeing.confidence == .c)
        #expect(agreeing.precision == .second)
        #expect(nextDay.source == .fileName)
        #expect(nextDay.confidence == .d)
        #expect(nextDay.precision == .day)
        #expect(nextDay.at == date("2026-06-30T23:00:00Z"))
    }

    @Test func `in names of Google's camera the time is UTC`() {
        let rules = Case(name: "PXL_20260701_101112345.jpg").rules

        #expect(rules.captured.at == date("2026-07-01T10:11:12.345Z"))
        #expect(rules.captured.confidence == .c)
        #expect(rules.flags == [])
    }

    @Test func `where nothing is said, the arrival is all that is known`() {
        let captured = Case().rules.captured

        #expect(captured.at == Case.receivedAt)
        #expect(captured.source == .received)
        #expect(captured.confidence == .e)
        #expect(captured.precision == .second)
    }

    @Test func `where nobody could look into a file, its name still tells`() {
        let rules = CaptureDateRules(
            nil, .document,
            clues: CaptureClues(
                fileName: FileName(declared: "2026-07-01 letter.pdf"), receivedAt: Case.receivedAt),
            zone: .unitedKingdom)

        #expect(rules.captured.source == .fileName)
    }

    @Test func `the evidence that is kept is bounded, and has no position`() throws {
        var report = Case(dates: [evidence(.exifOriginal, "2026-05-01T10:00:00Z")]).report
        report.position = Position(latitude: 48.85, longitude: 2.35, source: .exif)
        let clues = CaptureClues(fileName: FileName(declared: "20260501_110000.jpg"), receivedAt: Case.receivedAt)
        let text = try #require(
            Verdict(report, clues: clues, zone: .unitedKingdom, by: .builtIn).finding.report)
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        let kept = try decoder.decode(InspectionReport.self, from: Data(text.utf8))

        #expect(kept.position == nil)
        #expect(kept.dates.map(\.source) == [.exifOriginal, .fileName])
        #expect(text.contains(#""dateFlags":["assumedZone"]"#))
        report.tools = ["x": String(repeating: "y", count: 40_000)]
        #expect(Verdict(report, clues: clues, zone: .unitedKingdom, by: .builtIn).finding.report == nil)
    }
}

/// A file with some dates, of which the date is to be decided.
struct Case {
    static let receivedAt = date("2026-11-24T08:00:00Z")

    var report: InspectionReport
    private let kind: ArtefactKind
    private let clues: CaptureClues
    private let zone: TimeZone

    init(
        _ kind: ArtefactKind = .photo, type: MediaType = "application/octet-stream", dates: [DateEvidence] = [],
        name: String = "x.jpg", modified: Date? = nil, timeZone: String? = nil, notBefore: Date? = nil,
        zone: TimeZone = .unitedKingdom, duration: Double? = nil, device: Device? = nil
    ) {
        report = InspectionReport(
            mimeType: type, magicMimeType: type, wholeness: .whole, media: Media(duration: duration), device: device,
            dates: dates, tools: [:])
        self.kind = kind
        self.zone = zone
        clues = CaptureClues(
            fileName: FileName(declared: name), declared: DeclaredTimes(lastModified: modified, timeZone: timeZone),
            receivedAt: Self.receivedAt, notBefore: notBefore)
    }

    var rules: CaptureDateRules { CaptureDateRules(report, kind, clues: clues, zone: zone) }
}

/// - Parameter text: what is written there, read as UTC.
func evidence(_ source: CaptureDate.Source, _ text: String, offset: Int? = nil) -> DateEvidence {
    DateEvidence(
        raw: text, source: source, at: date(text).addingTimeInterval(-Double(offset ?? 0)), offset: offset)
}

func date(_ text: String) -> Date {
    guard let date = Instant.parse(text) else { preconditionFailure("not a date: \(text)") }
    return date
}
