import Artefacts
import Foundation
import Inspecting
import Sealing
import SystemPackage
import TestSupport
import Testing

/// What is known of a sample from the tools that made it.
struct Expected: Sendable, CustomTestStringConvertible {
    let file: String
    let type: MediaType
    let kind: ArtefactKind
    var state = ArtefactState.kept
    var width: Int?
    var height: Int?
    var orientation: Int?
    var duration: ClosedRange<Double>?
    var codecs: [String] = []
    var hasLocation = false
    /// RFC 3339, source, confidence, offset; `nil`: nothing but the arrival is known.
    var captured: (at: String, CaptureDate.Source, CaptureDate.Confidence, offset: Int?)?

    var testDescription: String { file }

    static let samples: [Expected] = [
        Expected(
            file: "photo.jpg", type: "image/jpeg", kind: .photo, width: 480, height: 360, orientation: 6,
            hasLocation: true, captured: ("2026-05-01T13:30:15.250Z", .exifOriginal, .a, 3600)),
        Expected(
            file: "cut-short.jpg", type: "image/jpeg", kind: .photo, state: .held, width: 480, height: 360,
            orientation: 6, hasLocation: true, captured: ("2026-05-01T13:30:15.250Z", .exifOriginal, .a, 3600)),
        Expected(file: "bright.jpg", type: "image/jpeg", kind: .photo, width: 64, height: 48, orientation: 1),
        Expected(file: "scan.tiff", type: "image/tiff", kind: .drawing, width: 300, height: 400, orientation: 1),
        Expected(file: "drawing.png", type: "image/png", kind: .drawing, width: 640, height: 440),
        Expected(file: "photo.heic", type: "image/heic", kind: .photo, width: 320, height: 240),
        Expected(
            file: "video.mp4", type: "video/mp4", kind: .video, width: 320, height: 240, orientation: 1,
            duration: 2.9...3.1, codecs: ["h264", "aac"],
            captured: ("2026-06-02T10:11:12.000Z", .containerCreation, .c, nil)),
        Expected(
            file: "clip.mov", type: "video/quicktime", kind: .video, width: 320, height: 240, orientation: 1,
            duration: 2.9...3.1, codecs: ["h264", "aac"], hasLocation: true,
            captured: ("2026-06-03T16:45:00.000Z", .quickTimeKeys, .a, 3600)),
        Expected(
            file: "upright.mov", type: "video/quicktime", kind: .video, width: 320, height: 240, orientation: 8,
            duration: 2.9...3.1, codecs: ["hevc", "aac"], hasLocation: true,
            captured: ("2026-06-03T16:45:00.000Z", .quickTimeKeys, .a, 3600)),
        Expected(
            file: "clip.webm", type: "video/webm", kind: .video, width: 320, height: 240, orientation: 1,
            duration: 2.9...3.1, codecs: ["vp8", "opus"]),
        Expected(
            file: "clip.3gp", type: "video/3gpp", kind: .video, width: 176, height: 144, orientation: 1,
            duration: 2.5...3.1, codecs: ["h263", "amr_nb"]),
        Expected(
            file: "voice.m4a", type: "audio/mp4", kind: .audio, duration: 2.5...3.1, codecs: ["aac"],
            captured: ("2026-06-04T08:00:00.000Z", .containerCreation, .c, nil)),
        Expected(file: "voice.mp3", type: "audio/mpeg", kind: .audio, duration: 2.5...3.1, codecs: ["mp3"]),
        Expected(file: "voice.wav", type: "audio/wav", kind: .audio, duration: 2.5...3.1, codecs: ["pcm_u8"]),
        Expected(file: "voice.opus", type: "audio/ogg", kind: .audio, duration: 2.5...3.1, codecs: ["opus"]),
        Expected(file: "voice.amr", type: "audio/amr", kind: .audio, duration: 2.5...3.1, codecs: ["amr_nb"]),
        Expected(
            file: "letter.pdf", type: "application/pdf", kind: .document,
            captured: ("2026-06-05T09:00:00.000Z", .documentCreation, .c, nil)),
        Expected(
            file: "letter.docx", type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            kind: .document),
        Expected(file: "letter.txt", type: "text/plain", kind: .document),
        Expected(file: "holiday.jpg", type: "application/x-executable", kind: .document, state: .refused),
    ]
}

@Suite struct InspectorTests {
    private let folder: TemporaryDirectory
    private let keyring = Keyring.forTests()
    private let receivedAt = Date(timeIntervalSince1970: 1_795_000_000)

    init() throws { folder = try TemporaryDirectory() }

    @Test(arguments: Expected.samples)
    func `a sample is known for what it is`(_ expected: Expected) async throws {
        let finding = await inspect(
            try folder.sealed("sample", try Samples.bytes(expected.file), with: keyring), named: expected.file)

        #expect(finding.mimeType == expected.type)
        #expect(finding.kind == expected.kind)
        #expect(finding.state == expected.state, "\(finding.reasons)")
        #expect(finding.reasons.isEmpty == (expected.state == .kept))
        #expect(finding.media.width == expected.width)
        #expect(finding.media.height == expected.height)
        #expect(finding.media.orientation == expected.orientation)
        #expect(finding.media.codecs == expected.codecs)
        #expect(finding.media.hasLocation == expected.hasLocation)
        #expect((finding.media.duration != nil) == (expected.duration != nil))
        if let range = expected.duration, let duration = finding.media.duration { #expect(range.contains(duration)) }
        if let captured = expected.captured {
            let at = try Date(captured.at, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            #expect(
                finding.captured
                    == CaptureDate(
                        at: at, precision: .second, source: captured.1, confidence: captured.2, offset: captured.offset)
            )
        } else {
            #expect(finding.captured.source == .received)
        }
    }

    @Test func `every sample in the folder is in the table`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Samples.folder.string)

        #expect(
            Set(files).subtracting(Expected.samples.map(\.file))
                == [
                    "make.sh", "formats.py", "compound.py", "located.py", "texts.py", "formats", "located", "texts",
                    "Dates", "empty.jpg",
                ])
    }

    @Test func `a file of any format is answered by a process that is confined`() async throws {
        let inspector = Inspector(keyring: keyring)

        for name in try FileManager.default.contentsOfDirectory(atPath: Samples.path("formats").string).sorted() {
            let file = try folder.sealed("format", try Samples.bytes("formats/\(name)"), with: keyring)
            let finding = await inspector.inspect(
                file, named: FileName(declared: name), declared: nil, receivedAt: receivedAt
            ).finding

            #expect(!finding.reasons.contains { $0.contains("could not be checked") }, "\(name): \(finding.reasons)")
        }
    }

    @Test(arguments: Expected.samples)
    func `the inspector of recordings is asked about recordings alone`(_ expected: Expected) async throws {
        let inspector = Inspector(keyring: keyring, recordings: "/nowhere/keepsake-recording-inspector")
        let finding = await inspector.inspect(
            try folder.sealed("sample", try Samples.bytes(expected.file), with: keyring),
            named: FileName(declared: expected.file), declared: nil, receivedAt: receivedAt
        ).finding

        if expected.codecs.isEmpty {
            #expect(finding.mimeType == expected.type)
        } else {
            #expect(finding.state == .held)
            #expect(finding.reasons.first?.contains("could not be started") == true)
        }
    }

    @Test(arguments: Expected.samples.map(\.file))
    func `a file cut anywhere is answered, and never taken for whole where it has an end`(_ name: String) async throws {
        let bytes = try Samples.bytes(name)
        var generator = SeededGenerator(seed: 42)
        let inspector = Inspector(keyring: keyring)

        for _ in 0..<12 {
            let length = Int.random(in: 1..<bytes.count, using: &generator)
            let file = try folder.sealed("cut", bytes[..<length], with: keyring)
            let finding = await inspector.inspect(
                file, named: FileName(declared: name), declared: nil, receivedAt: receivedAt
            ).finding

            #expect(!finding.reasons.contains { $0.contains("could not be checked") }, "cut at \(length)")
            if ["jpg", "png", "mp4", "mov", "3gp", "m4a", "heic", "docx"].contains(
                name.split(separator: ".").last ?? "")
            {
                #expect(finding.state != .kept, "cut at \(length)")
            }
        }
    }

    @Test(arguments: ["photo.jpg", "video.mp4", "clip.webm", "letter.docx", "drawing.png", "voice.opus"])
    func `a file with wrong bytes never brings the inspector down`(_ name: String) async throws {
        let bytes = try Samples.bytes(name)
        var generator = SeededGenerator(seed: 7)
        let inspector = Inspector(keyring: keyring)

        for round in 0..<12 {
            var wrong = bytes
            for _ in 0..<40 {
                wrong[Int.random(in: 0..<min(wrong.count, 4096), using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            let finding = await inspector.inspect(
                try folder.sealed("wrong", wrong, with: keyring), named: FileName(declared: name), declared: nil,
                receivedAt: receivedAt
            ).finding

            #expect(
                !finding.reasons.contains { $0.contains("could not be checked") }, "round \(round): \(finding.reasons)")
        }
    }

    private func inspect(_ file: FilePath, named name: String) async -> Finding {
        await Inspector(keyring: keyring).inspect(
            file, named: FileName(declared: name), declared: nil, receivedAt: receivedAt
        ).finding
    }
}

/// The same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
