import Artefacts
import Foundation
import Inspecting
import Sealing
import SystemPackage
import TestSupport
import Testing

/// What is known of a sample of dates from the tools that made it.
struct DatedSample: Sendable, CustomTestStringConvertible {
    let file: String
    /// RFC 3339.
    let at: String
    let source: CaptureDate.Source
    let confidence: CaptureDate.Confidence
    var offset: Int?
    var precision = CaptureDate.Precision.second
    var hasLocation = false
    /// Texts of other dates that have to be among the evidence.
    var evidence: [String] = []

    var testDescription: String { file }

    private static let summer = 3600

    static let all: [DatedSample] = [
        // Pictures.
        DatedSample(
            file: "satellites.jpg", at: "2026-07-01T09:00:07Z", source: .exifOriginal, confidence: .b, offset: summer,
            hasLocation: true, evidence: ["2026:07:01 09:00:00Z"]),
        DatedSample(
            file: "satellites-only.jpg", at: "2026-07-01T09:00:00Z", source: .positionTime, confidence: .b),
        DatedSample(
            file: "older-camera.jpg", at: "2009-03-04T03:06:07Z", source: .exifOriginal, confidence: .a, offset: 7200,
            evidence: ["2020:01:01 00:00:00"]),
        DatedSample(
            file: "other-offset.jpg", at: "2026-07-01T11:00:00Z", source: .exifOriginal, confidence: .b,
            evidence: ["2026:08:01 12:00:00+09:00"]),
        DatedSample(
            file: "never-set.jpg", at: "2026-11-18T14:26:40Z", source: .received, confidence: .e, offset: 0,
            evidence: ["0000:00:00 00:00:00", "2002:12:08 12:00:00", "1970:01:01 00:00:00"]),
        DatedSample(file: "scanned.jpg", at: "2026-05-02T08:30:00Z", source: .exifDigitised, confidence: .c),
        DatedSample(
            file: "edited.jpg", at: "2026-05-01T12:30:15.250Z", source: .xmpOriginal, confidence: .b, offset: 7200,
            hasLocation: true, evidence: ["2026-05-03T10:00:00Z"]),
        DatedSample(
            file: "dated-by-photoshop.jpg", at: "2026-04-30T23:00:00Z", source: .xmpOriginal, confidence: .b,
            precision: .month),
        DatedSample(
            file: "phone.heic", at: "2026-05-01T13:30:15.250Z", source: .exifOriginal, confidence: .a, offset: summer,
            hasLocation: true),
        DatedSample(
            file: "phone.avif", at: "2026-05-01T13:30:15.250Z", source: .exifOriginal, confidence: .a, offset: summer,
            hasLocation: true),
        DatedSample(
            file: "described.heic", at: "2026-05-01T13:30:15Z", source: .xmpCreation, confidence: .c, offset: summer),
        DatedSample(
            file: "phone.webp", at: "2026-05-01T13:30:15Z", source: .exifOriginal, confidence: .a, offset: summer),
        DatedSample(
            file: "described.webp", at: "2026-05-01T13:30:15Z", source: .xmpCreation, confidence: .c, offset: summer),
        DatedSample(
            file: "painted.png", at: "2026-05-01T13:30:15Z", source: .pngCreation, confidence: .c,
            evidence: ["2026-05-04T00:00:00Z"]),
        DatedSample(
            file: "phone.png", at: "2026-05-01T13:30:15Z", source: .exifOriginal, confidence: .a, offset: summer),
        DatedSample(
            file: "described.png", at: "2026-05-01T13:30:00Z", source: .xmpOriginal, confidence: .b, precision: .minute),
        DatedSample(
            file: "scanned.tif", at: "2026-05-02T08:30:00Z", source: .exifDigitised, confidence: .c,
            evidence: ["2026:05:03 09:30:00"]),
        DatedSample(
            file: "described.tif", at: "2026-05-01T13:30:15Z", source: .xmpOriginal, confidence: .b, offset: summer,
            hasLocation: true),
        DatedSample(
            file: "packed.png", at: "2026-05-01T13:30:15Z", source: .xmpCreation, confidence: .c, offset: summer),
        // Recordings, which last four seconds.
        DatedSample(
            file: "placed.3gp", at: "2026-11-18T14:26:40Z", source: .received, confidence: .e, offset: 0,
            hasLocation: true, evidence: ["1904-01-01T00:00:00Z"]),
        DatedSample(file: "android.mp4", at: "2026-07-02T10:00:00Z", source: .containerCreation, confidence: .c),
        DatedSample(file: "hidden.mp4", at: "2026-07-02T10:00:00Z", source: .containerCreation, confidence: .c),
        DatedSample(
            file: "iphone.mov", at: "2026-07-02T10:00:00Z", source: .quickTimeKeys, confidence: .a, offset: summer,
            hasLocation: true),
        DatedSample(
            file: "camcorder.mp4", at: "2026-07-02T10:00:00Z", source: .makerOriginal, confidence: .b, offset: summer,
            evidence: ["1904-01-01T00:00:00Z"]),
        DatedSample(
            file: "described.mp4", at: "2026-07-02T10:00:00Z", source: .xmpOriginal, confidence: .b, offset: summer,
            hasLocation: true),
        DatedSample(file: "track-only.mp4", at: "2026-07-02T10:00:00Z", source: .containerCreation, confidence: .c),
        DatedSample(
            file: "cut.mp4", at: "2026-07-02T12:00:00Z", source: .containerCreation, confidence: .c,
            evidence: ["2026-07-02T10:00:00Z", "dateFlags\":[\"edited"]),
        DatedSample(file: "canon.mp4", at: "2026-07-01T11:00:00Z", source: .makerOriginal, confidence: .b),
        DatedSample(
            file: "gopro.mp4", at: "2026-07-02T10:00:00Z", source: .containerCreation, confidence: .b,
            evidence: ["dateFlags\":[\"assumedZone"]),
        DatedSample(
            file: "sony.mp4", at: "2026-07-02T10:00:00Z", source: .makerOriginal, confidence: .b, offset: summer),
        DatedSample(
            file: "quicktime.mp4", at: "2026-07-02T10:00:00Z", source: .makerOriginal, confidence: .b, offset: summer),
        DatedSample(file: "recorded.mkv", at: "2026-07-02T10:00:00Z", source: .containerCreation, confidence: .b),
        DatedSample(file: "recorded.wmv", at: "2026-07-02T10:00:00Z", source: .containerCreation, confidence: .c),
        DatedSample(
            file: "recorded.avi", at: "2026-07-02T10:00:00Z", source: .containerCreation, confidence: .c,
            evidence: ["dateFlags\":[\"assumedZone"]),
        DatedSample(file: "dictated.wav", at: "2026-07-02T10:00:00Z", source: .bextOrigination, confidence: .b),
        DatedSample(
            file: "dated.wav", at: "2026-07-01T23:00:00Z", source: .audioTag, confidence: .d, precision: .day),
        DatedSample(file: "tagged.mp3", at: "2026-07-02T10:00:00Z", source: .audioTag, confidence: .c),
        DatedSample(
            file: "older-tags.mp3", at: "2026-07-01T23:00:00Z", source: .audioTag, confidence: .d, precision: .day),
        DatedSample(
            file: "tagged.opus", at: "2026-07-02T09:00:00Z", source: .audioTag, confidence: .c, offset: 7200),
        DatedSample(
            file: "tagged.flac", at: "2026-01-01T00:00:00Z", source: .audioTag, confidence: .d, precision: .year),
        // Documents.
        DatedSample(
            file: "described.pdf", at: "2026-06-04T07:00:00Z", source: .xmpCreation, confidence: .c, offset: summer,
            evidence: ["D:20260605090000Z"]),
        DatedSample(file: "packed.pdf", at: "2026-06-05T09:00:00Z", source: .documentCreation, confidence: .c),
        DatedSample(
            file: "written.docx", at: "2026-07-02T10:00:00Z", source: .documentCreation, confidence: .c,
            evidence: ["2026-07-03T10:00:00Z"]),
        DatedSample(
            file: "template.xlsx", at: "2026-11-18T14:26:40Z", source: .received, confidence: .e, offset: 0,
            evidence: ["2015-06-05T18:17:20Z"]),
        DatedSample(
            file: "template.odt", at: "2026-11-18T14:26:40Z", source: .received, confidence: .e, offset: 0,
            evidence: ["2009-04-16T11:32:48"]),
        DatedSample(
            file: "written.odt", at: "2026-07-02T10:00:00.125Z", source: .documentCreation, confidence: .c),
        DatedSample(
            file: "written.doc", at: "2026-07-02T10:00:00Z", source: .documentCreation, confidence: .c,
            evidence: ["2026-07-03T10:00:00Z"]),
        DatedSample(file: "sent.msg", at: "2026-07-02T10:00:00Z", source: .mailSent, confidence: .b, offset: 0),
        DatedSample(file: "sent.eml", at: "2026-07-02T10:00:00Z", source: .mailSent, confidence: .b, offset: summer),
    ]
}

@Suite struct DateSampleTests {
    private let folder: TemporaryDirectory
    private let keyring = Keyring.forTests()
    private let receivedAt = Date(timeIntervalSince1970: 1_795_012_000)

    init() throws { folder = try TemporaryDirectory() }

    @Test(arguments: DatedSample.all)
    func `a date is found where the format keeps it`(_ sample: DatedSample) async throws {
        let finding = await inspect(try Samples.bytes("Dates/" + sample.file))
        let at = try #require(Instant.parse(sample.at))
        let report = try #require(finding.report)

        #expect(
            finding.captured
                == CaptureDate(
                    at: at, precision: sample.precision, source: sample.source, confidence: sample.confidence,
                    offset: sample.offset), "\(report)")
        #expect(finding.media.hasLocation == sample.hasLocation)
        for text in sample.evidence { #expect(report.contains(text), "\(report)") }
        #expect(!report.contains("latitude"), "the position is kept apart")
    }

    @Test func `every sample of dates is in the table`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Samples.path("Dates").string)

        #expect(Set(files).subtracting(DatedSample.all.map(\.file)) == ["make.sh", "boxes.py", "documents.py"])
    }

    @Test(arguments: DatedSample.all)
    func `wrong bytes where dates are kept never bring the inspector down`(_ sample: DatedSample) async throws {
        let bytes = try Samples.bytes("Dates/" + sample.file)
        var generator = SeededGenerator(seed: 11)

        for round in 0..<6 {
            var wrong = round < 3 ? bytes : Array(bytes[..<Int.random(in: 1..<bytes.count, using: &generator)])
            for _ in 0..<20 {
                wrong[Int.random(in: 0..<wrong.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let finding = await inspect(wrong)

            #expect(!finding.reasons.contains { $0.contains("could not be checked") }, "round \(round)")
        }
    }

    private func inspect(_ bytes: [UInt8]) async -> Finding {
        guard let file = try? folder.sealed("sample", bytes, with: keyring) else { preconditionFailure("no file") }
        return await Inspector(keyring: keyring).inspect(
            file, named: FileName(declared: "sample"), declared: nil, receivedAt: receivedAt
        ).finding
    }
}
