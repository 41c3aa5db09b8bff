import Artefacts
import Foundation
import InspectionWire
import Playing
import Probing
import Reading
import TestSupport
import Testing

@testable import Rendering

/// What is to be made of a sample.
struct Wanted: Sendable, CustomTestStringConvertible {
    let file: String
    let type: MediaType
    var kinds: [DerivativeKind] = [.thumbnail, .poster]
    /// Pixels of the thumbnail and of the poster, as they are shown.
    var size: [(Int, Int)] = []
    var preview: MediaType?
    /// Of a preview that plays.
    var codecs: [String] = []
    var seconds: ClosedRange<Double> = 2.5...3.1

    var testDescription: String { file }

    static let audio: [DerivativeKind] = [.waveform, .waveformPicture, .preview]
    static let film: [DerivativeKind] = [.thumbnail, .poster, .preview]

    static let samples: [Wanted] = [
        Wanted(file: "photo.jpg", type: "image/jpeg", size: [(360, 480), (360, 480)]),
        Wanted(file: "bright.jpg", type: "image/jpeg", size: [(64, 48), (64, 48)]),
        Wanted(file: "drawing.png", type: "image/png", size: [(480, 330), (640, 440)]),
        Wanted(
            file: "photo.heic", type: "image/heic", kinds: film, size: [(320, 240), (320, 240)], preview: "image/jpeg"),
        Wanted(
            file: "scan.tiff", type: "image/tiff", kinds: film, size: [(300, 400), (300, 400)], preview: "image/jpeg"),
        Wanted(file: "letter.pdf", type: "application/pdf", size: [(339, 480), (1448, 2048)]),
        Wanted(
            file: "video.mp4", type: "video/mp4", kinds: film, size: [(320, 240), (320, 240)], preview: "video/mp4",
            codecs: ["h264", "aac"]),
        Wanted(
            file: "clip.mov", type: "video/quicktime", kinds: film, size: [(320, 240), (320, 240)],
            preview: "video/mp4", codecs: ["h264", "aac"]),
        Wanted(
            file: "upright.mov", type: "video/quicktime", kinds: film, size: [(240, 320), (240, 320)],
            preview: "video/mp4", codecs: ["h264", "aac"]),
        Wanted(
            file: "clip.webm", type: "video/webm", kinds: film, size: [(320, 240), (320, 240)], preview: "video/mp4",
            codecs: ["h264", "aac"]),
        // Its pixels are not square.
        Wanted(
            file: "clip.3gp", type: "video/3gpp", kinds: film, size: [(192, 144), (192, 144)], preview: "video/mp4",
            codecs: ["h264", "aac"]),
        Wanted(file: "voice.amr", type: "audio/amr", kinds: audio, preview: "audio/mp4", codecs: ["aac"]),
        Wanted(file: "voice.opus", type: "audio/ogg", kinds: audio, preview: "audio/mp4", codecs: ["aac"]),
        Wanted(file: "voice.wav", type: "audio/wav", kinds: audio, preview: "audio/mp4", codecs: ["aac"]),
        Wanted(file: "voice.mp3", type: "audio/mpeg", kinds: audio, preview: "audio/mp4", codecs: ["aac"]),
        Wanted(file: "voice.m4a", type: "audio/mp4", kinds: audio, preview: "audio/mp4", codecs: ["aac"]),
    ]
}

@Suite struct DerivativeTests {
    @Test(arguments: Wanted.samples)
    func `of a sample every kind is made that makes sense`(_ wanted: Wanted) throws {
        let made = try Made(wanted.kinds, of: Samples.bytes(wanted.file), as: wanted.type)

        #expect(made.isFinished)
        for (kind, size) in zip([DerivativeKind.thumbnail, .poster], wanted.size) {
            let picture = try Picture(reading: made.bytes(kind))
            #expect(made.types[kind] == "image/webp")
            #expect((picture.width, picture.height) == size)
        }
        if wanted.kinds.contains(.preview) { #expect(made.types[.preview] == wanted.preview) }
        if wanted.preview == "image/jpeg" {
            let picture = try Picture(reading: made.bytes(.preview), "image/jpeg")
            #expect((picture.width, picture.height) == wanted.size[1])
        }
        if !wanted.codecs.isEmpty {
            let report = try report(on: made.bytes(.preview))
            #expect(report.mimeType == wanted.preview)
            #expect(report.media.codecs == wanted.codecs)
            #expect(wanted.seconds.contains(try #require(report.media.duration)))
            #expect(report.wholeness == .whole)
        }
        if wanted.kinds.contains(.waveform) {
            #expect(made.types[.waveform] == "application/json")
            let waveform = try JSONDecoder().decode(WaveformJSON.self, from: Data(made.bytes(.waveform)))
            #expect(waveform.version == 1)
            #expect(wanted.seconds.contains(waveform.duration))
            #expect((200...2000).contains(waveform.peaks.count))
            #expect(try Picture(reading: made.bytes(.waveformPicture)).bands == 4)
        }
    }

    @Test(arguments: Wanted.samples)
    func `no derivative says where, when or with what the original was made`(_ wanted: Wanted) throws {
        let made = try Made(wanted.kinds, of: Samples.bytes(wanted.file), as: wanted.type)

        for kind in wanted.kinds {
            let bytes = try made.bytes(kind)
            for trace in [
                "Exif", "EXIF", "http://ns.adobe.com", "ICC_PROFILE", "ICCP", "XMP ", "Pixelmaker", "Phone",
                "Apple", "51.5", "2026", "Lavf",
            ] {
                // A failure would otherwise print every byte.
                let isThere = bytes.contains(text: trace)
                #expect(!isThere, "\(kind): \(trace)")
            }
            guard made.types[kind] != "application/json" else { continue }
            let report = try report(on: bytes)
            #expect(report.device == nil)
            // The clock of a film that was never set says nothing.
            let dates = report.dates.filter { !$0.raw.hasPrefix("1904-01-01") }
            #expect(dates.isEmpty, "\(dates)")
            #expect(!report.media.hasLocation)
        }
    }

    @Test(arguments: Wanted.samples)
    func `the same file gives the same pictures`(_ wanted: Wanted) throws {
        let bytes = try Samples.bytes(wanted.file)

        let (once, again) = try (
            Made(wanted.kinds, of: bytes, as: wanted.type), Made(wanted.kinds, of: bytes, as: wanted.type)
        )

        // Previews are compared where each has a process of its own, as in `RendererTests`.
        for kind in wanted.kinds where kind != .preview {
            let isSame = try once.bytes(kind) == again.bytes(kind)
            #expect(isSame, "\(kind)")
        }
    }

    @Test(arguments: Wanted.samples)
    func `of a damaged file each kind is made or refused with a reason`(_ wanted: Wanted) throws {
        let bytes = try Samples.bytes(wanted.file)
        var wrong = bytes
        for index in stride(from: 40, to: wrong.count, by: 97) { wrong[index] ^= 0x5A }

        for damaged in [wrong, Array(bytes.prefix(bytes.count / 2)), Array(bytes.prefix(20))] {
            let made = try Made(wanted.kinds, of: damaged, as: wanted.type)
            #expect(made.isFinished)
            #expect(Set(made.results.keys) == Set(wanted.kinds))
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            // How many samples there are, in its table of packets.
            ("formats/sound.caf", "audio/x-caf", 3012, 0x0E),
            // The time of the second picture.
            ("formats/film2.mpg", "video/mpeg", 2073, 0x33),
        ] as [(String, MediaType, Int, UInt8)])
    func `a time that cannot be right makes no hours of silence`(
        _ sample: String, _ type: MediaType, _ place: Int, _ byte: UInt8
    ) throws {
        var bytes = try Samples.bytes(sample)
        bytes[place] = byte

        let made = try Made([.preview], of: bytes, as: type)

        let report = try report(on: made.bytes(.preview))
        #expect(try #require(report.media.duration) < 10)
    }

    @Test func `what is no picture, recording or document gives nothing`() throws {
        let made = try Made(
            [.thumbnail, .waveform, .preview], of: Array("Dear Amira".utf8), as: "text/plain")

        #expect(made.isFinished)
        #expect(made.types.isEmpty)
        #expect(made.results.count == 3)
    }

    private func report(on bytes: [UInt8]) throws -> InspectionReport {
        try FileProbe(player: .libav()).report(on: try #require(FileBytes(sealing: bytes)))
    }
}

private struct WaveformJSON: Decodable {
    let version: Int
    let duration: Double
    let peaks: [UInt8]
}
