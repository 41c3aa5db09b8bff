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

    @Test(arguments: ["drawing.png", "Dates/satellites-only.jpg", "video.mp4", "letter.pdf"])
    func `where there is none, none is found`(_ name: String) async throws {
        let report = try await report(on: name)

        #expect(!report.media.hasLocation)
        #expect(report.position == nil)
    }

    @Test(arguments: [(0.0, 0.0), (91, 0), (0, 181), (.nan, 1)])
    func `what is nowhere is no position`(_ latitude: Double, _ longitude: Double) {
        #expect(Position(latitude: latitude, longitude: longitude) == nil)
    }

    private func report(on name: String) async throws -> InspectionReport {
        let folder = try TemporaryDirectory()
        let file = try folder.sealed("sample", try Samples.bytes(name), with: keyring)
        return try await Inspector(keyring: keyring).report(on: file).get()
    }
}
