import Artefacts
import Foundation
import InspectionWire
import Sealing
import TestSupport
import Testing

@testable import Inspecting

@Suite struct PositionTests {
    private let keyring = Keyring.forTests()

    @Test(arguments: [
        "photo.jpg", "Dates/satellites.jpg", "Dates/edited.jpg", "Dates/phone.heic", "Dates/phone.avif", "clip.mov",
        "Dates/iphone.mov", "Dates/described.mp4", "Dates/described.tif", "Dates/placed.3gp",
    ])
    func `the position is found where the format keeps it`(_ name: String) async throws {
        let report = try await report(on: name)

        #expect(report.media.hasLocation)
        #expect(abs(try #require(report.position).latitude - 51.5) < 0.001)
        #expect(abs(try #require(report.position).longitude - -0.12) < 0.001)
    }

    /// What `located.py` wrote into them, as finely as each format keeps it.
    @Test(
        arguments: [
            ("photo.jpg", .exif), ("progressive.jpg", .exif), ("motion.jpg", .exif), ("drawing.png", .exif),
            ("moving.png", .exif), ("photo.webp", .exif), ("moving.webp", .exif),
            ("scan.tif", .exif), ("raw.dng", .exif), ("photo.heic", .exif), ("photo.avif", .exif),
            ("clip.mov", .recording), ("video.mp4", .xmp), ("fragments.mp4", .recording), ("clip.3gp", .recording),
            ("voice.m4a", .recording), ("voice.mov", .recording), ("clip.webm", .recording), ("clip.mkv", .recording),
        ] as [(String, Position.Source)])
    func `the position of a located sample goes with its inspection, and is in no finding`(
        _ name: String, _ source: Position.Source
    ) async throws {
        let folder = try TemporaryDirectory()
        let file = try folder.sealed("sample", try Samples.bytes("located/" + name), with: keyring)

        let inspection = await Inspector(
            executable: BuildProducts.path(of: "keepsake-inspector"), keyring: keyring
        ).inspect(file, named: FileName(declared: name), declared: nil, receivedAt: Date())
        let position = try #require(inspection.position)

        #expect(abs(position.latitude - 51.507351) < 0.0001)
        #expect(abs(position.longitude - -0.127758) < 0.0001)
        #expect(position.source == source)
        #expect(inspection.finding.media.hasLocation)
        #expect(!"\(inspection.finding)".contains("51.507"))
    }

    @Test(arguments: ["drawing.png", "Dates/satellites-only.jpg", "video.mp4", "letter.pdf"])
    func `where there is none, none is found`(_ name: String) async throws {
        let report = try await report(on: name)

        #expect(!report.media.hasLocation)
        #expect(report.position == nil)
    }

    @Test(arguments: [(0.0, 0.0), (91, 0), (0, 181), (.nan, 1)])
    func `what is nowhere is no position`(_ latitude: Double, _ longitude: Double) {
        #expect(Position(latitude: latitude, longitude: longitude, source: .exif) == nil)
        let json = #"{"latitude": \(latitude), "longitude": \(longitude), "source": "exif"}"#
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Position.self, from: Data(json.utf8)) }
    }

    private func report(on name: String) async throws -> InspectionReport {
        let folder = try TemporaryDirectory()
        let file = try folder.sealed("sample", try Samples.bytes(name), with: keyring)
        let server = InspectionServer(
            executable: BuildProducts.path(of: "keepsake-inspector"),
            arguments: InspectorArguments(timeLimit: .seconds(20), concurrency: 1))
        let frame = Data(await (try server.inspect(file, with: keyring)).message())
        guard case .report(let report) = try InspectionAnswer(frame: frame) else { throw NoReport() }
        return report
    }
}

private struct NoReport: Error {}
