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
            ("moving.png", .exif), ("moving.gif", .xmp), ("photo.webp", .exif), ("moving.webp", .exif),
            ("scan.tif", .exif), ("raw.dng", .exif), ("photo.heic", .exif), ("photo.avif", .exif),
            ("clip.mov", .recording), ("video.mp4", .xmp), ("fragments.mp4", .recording), ("clip.3gp", .recording),
            ("voice.m4a", .recording), ("voice.mov", .recording), ("clip.webm", .recording), ("clip.mkv", .recording),
        ] as [(String, Position.Source)])
    func `the position of a located sample goes with its inspection, and is in no finding`(
        _ name: String, _ source: Position.Source
    ) async throws {
        let folder = try TemporaryDirectory()
        let file = try folder.sealed("sample", try Samples.bytes("located/" + name), with: keyring)

        let inspection = await Inspector(keyring: keyring, timeLimit: .seconds(120)).inspect(
            file, named: FileName(declared: name), declared: nil, receivedAt: Date())
        let position = try #require(inspection.position)

        #expect(abs(position.latitude - 51.507351) < 0.0001)
        #expect(abs(position.longitude - -0.127758) < 0.0001)
        #expect(position.source == source)
        #expect(inspection.finding.media.hasLocation)
        #expect(!"\(inspection.finding)".contains("51.507"))
    }

    @Test func `a film with a track of positions is known to tell where it was made, though it is not read`()
        async throws
    {
        let report = try await report(on: "located/positions.mp4")

        #expect(report.media.hasLocation)
        #expect(report.position == nil)
    }

    /// What a phone puts beside the picture and sound of each film says what it is.
    @Test(arguments: [
        ("mebx", "mdtacom.apple.quicktime.location.ISO6709", true),
        ("mebx", "mdtacom.apple.quicktime.still-image-time", false), ("mett", "application/gps", true),
        ("mett", "application/microvideo-image-meta", false), ("camm", "", true), ("fdsc", "", false),
    ])
    func `a track tells positions where its format does, or its description says so`(
        _ format: String, _ description: String, _ hasLocation: Bool
    ) async throws {
        var bytes = try Samples.bytes("located/positions.mp4")
        let place = try #require(Data(bytes).range(of: Data("gpmd".utf8))?.lowerBound)
        bytes.replaceSubrange(place..<place + 4, with: format.utf8)
        // Behind the entry, within the box of descriptions: all boxes around it grow.
        let size = description.utf8.count
        bytes.insert(contentsOf: description.utf8, at: place + 12)
        for box in ["moov", "trak", "mdia", "minf", "stbl", "stsd"] {
            let name = try #require(Data(bytes[..<place]).range(of: Data(box.utf8), options: .backwards)?.lowerBound)
            bytes[name - 1] &+= UInt8(size)
            if bytes[name - 1] < UInt8(size) { bytes[name - 2] &+= 1 }
        }
        bytes[place - 1] &+= UInt8(size)

        let report = try await report(on: bytes)

        #expect(report.media.hasLocation == hasLocation)
    }

    private static func packet(_ attributes: String) -> String {
        """
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/"
        xmlns:drone="http://www.dji.com/drone-dji/1.0/" \(attributes)/></rdf:RDF></x:xmpmeta>
        """
    }

    /// Notes beside a photo: what they say, whether they tell a place, and which.
    @Test(
        arguments: [
            (Self.packet(#"exif:GPSLatitude="51,30N" exif:GPSLongitude="0,7.2W""#), true, .xmp),
            (Self.packet(#"drone:GpsLatitude="51.5" drone:GpsLongitude="-0.12""#), true, nil),
            (Self.packet(#"exif:DateTimeOriginal="2026-05-01T14:30:15""#), false, nil),
            (
                #"{"photoTakenTime": {}, "geoData": {"latitude": 51.5, "longitude": -0.12, "altitude": 0.0}}"#, true,
                .sidecar
            ),
            (
                #"{"photoTakenTime": {}, "geoData": {"latitude": 0, "longitude": 0}, "geoDataExif": "#
                    + #"{"latitude": 51.5, "longitude": -0.12, "altitude": 31}}"#, true, .sidecar
            ),
            (#"{"photoTakenTime": {}, "geoData": {"latitude": 0.0, "longitude": 0.0, "altitude": 0.0}}"#, false, nil),
            (#"{"photoTakenTime": {}, "title": "IMG_1.jpg"}"#, false, nil),
            (#"{"photoTakenTime": {}, "geoData": "nobody understands this"}"#, true, nil),
        ] as [(String, Bool, Position.Source?)])
    func `a note beside a photo tells a place where it has one`(
        _ text: String, _ hasLocation: Bool, _ source: Position.Source?
    ) async throws {
        for encoding in [String.Encoding.utf8, .utf16] where encoding == .utf8 || text.hasPrefix("<") {
            let report = try await report(on: Array(try #require(text.data(using: encoding))))

            #expect(report.features.contains(.sidecar))
            #expect(report.media.hasLocation == hasLocation)
            guard encoding == .utf8 else { continue }
            #expect(report.position?.source == source)
            if let position = report.position {
                #expect(abs(position.latitude - 51.5) < 1e-9)
                #expect(abs(position.longitude - -0.12) < 1e-9)
            }
        }
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
        try await report(on: try Samples.bytes(name))
    }

    private func report(on bytes: [UInt8]) async throws -> InspectionReport {
        let folder = try TemporaryDirectory()
        let file = try folder.sealed("sample", bytes, with: keyring)
        return try await Inspector(keyring: keyring).report(on: file).get()
    }
}
