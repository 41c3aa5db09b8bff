import Artefacts
import Foundation
import InspectionWire
import Playing
import Probing
import Reading
import SystemPackage
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct FileProbeTests {
    @Test(arguments: Sample.all)
    func `a file is known by what is in it, whatever it is called`(_ sample: Sample) throws {
        let report = try look(at: try Samples.bytes(sample.file))

        #expect(report.mimeType == sample.type)
        #expect(report.puid == sample.puid)
        #expect(report.wholeness == sample.wholeness)
        #expect(report.features == sample.features)
        #expect(report.media.pages == sample.pages)
    }

    @Test(arguments: Sample.pictures + Sample.documents)
    func `what is no recording is known as well by a probe that opens none`(_ sample: Sample) throws {
        let probe = try FileProbe()
        let report = try probe.report(on: try #require(FileBytes(sealing: try Samples.bytes(sample.file))))

        #expect(report.mimeType == sample.type)
        #expect(report.wholeness == sample.wholeness)
        #expect(report.tools.keys.sorted() == ["libmagic"])
    }

    @Test(arguments: Sample.recordings)
    func `a recording is left to a probe that opens them`(_ sample: Sample) throws {
        let probe = try FileProbe()
        let file = try #require(FileBytes(sealing: try Samples.bytes(sample.file)))

        #expect(throws: ProbeError.needsPlayer) { try probe.report(on: file) }
    }

    @Test func `every sample in the folder of formats is in the table`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Samples.path("formats").string)

        #expect(Set(files.map { "formats/" + $0 }).isSubset(of: Set(Sample.all.map(\.file))))
    }

    /// But for what stands behind an end, which may be missing.
    private static let cut = Sample.all.filter {
        $0.wholeness == .whole && !$0.features.contains(.trailingData) && !$0.features.contains(.motion)
            && !$0.file.hasSuffix("padded.jpg")
    }

    @Test(arguments: cut)
    func `a file that was cut is never taken for whole`(_ sample: Sample) throws {
        // A last line feed is not missed, nor whole frames of sound that has no header.
        let bytes = try Samples.bytes(sample.file)
        let count = 1 + (bytes.lastIndex { $0 > 0x20 } ?? 0)

        for part in [1, 10, 25, 50, 75, 90, 97, 99] {
            let report = try look(at: Array(bytes.prefix(max(1, count * part / 100 - 1))))
            #expect(report.wholeness != .whole, "cut at \(part) %: \(report.mimeType)")
        }
    }

    @Test(arguments: Sample.all)
    func `a file with bytes lost at its beginning or in its middle is answered`(_ sample: Sample) throws {
        let bytes = try Samples.bytes(sample.file)

        for place in [1, 7, 100, bytes.count / 2] where place < bytes.count {
            _ = try look(at: Array(bytes.dropFirst(place)))
            _ = try look(at: Array(bytes.prefix(place) + bytes.dropFirst(place + 16)))
        }
    }

    @Test(arguments: [1, 4096, 70_000, 300_000])
    func `nothing but zeros is no file`(_ count: Int) throws {
        let report = try look(at: [UInt8](repeating: 0, count: count))

        #expect(report.wholeness == .damaged(evidence: "nothing but zeros"))
    }

    @Test func `what cannot be looked through is said to have too many parts`() throws {
        let header = "PK\u{1}\u{2}" + String(repeating: "\0", count: 24) + "\u{1}" + String(repeating: "\0", count: 17)
        let directory = Array(repeating: Array(header.utf8) + Array("x".utf8), count: 12_000).joined()
        let size = UInt32(directory.count)
        let numbers = [UInt8(12_000 & 255), UInt8(12_000 >> 8)]
        let end: [UInt8] =
            Array("PK\u{5}\u{6}\0\0\0\0".utf8) + numbers + numbers
            + (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) } + [4, 0, 0, 0, 0, 0]

        let report = try look(at: Array("PK\u{3}\u{4}".utf8) + Array(directory) + end)

        #expect(report.mimeType == "application/zip")
        #expect(report.features.contains(.tooManyParts))
    }

    @Test(arguments: ["formats/live.webm", "formats/frames.aac", "voice.amr", "formats/wide.awb"])
    func `the length of a recording is computed where the file does not say it`(_ file: String) throws {
        let report = try look(at: try Samples.bytes(file))

        let duration = try #require(report.media.duration)
        #expect((1.8...2.9).contains(duration))
    }

    private func look(at bytes: [UInt8]) throws -> InspectionReport {
        let probe = try FileProbe(player: .libav())
        return try probe.report(on: try #require(FileBytes(sealing: bytes)))
    }
}
