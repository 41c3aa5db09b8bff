import Artefacts
import Foundation
import Sealing
import Storing
import SystemPackage
import TestSupport
import Testing

@Suite struct PlaceStoreTests {
    private let folder: TemporaryDirectory
    private let keyring = Keyring.forTests()
    private let artefact = ArtefactID()
    private let position: Position

    init() throws {
        folder = try TemporaryDirectory()
        position = try #require(Position(latitude: 51.507351, longitude: -0.127758, altitude: 31, source: .exif))
    }

    private var places: PlaceStore { PlaceStore(RecordStore(root: folder.path, keyring: keyring)) }

    private func path(of artefact: ArtefactID) -> FilePath {
        let name = artefact.description
        return folder.path.appending("place").appending(String(name.suffix(2))).appending(name + ".json")
    }

    @Test func `a place is read as it was kept last, and where none is kept there is none`() async throws {
        let other = try #require(Position(latitude: 1, longitude: 2, source: .recording))
        try await places.keep(other, of: artefact)
        try await places.keep(position, of: artefact)

        #expect(try await places.position(of: artefact) == position)
        #expect(try await places.position(of: ArtefactID()) == nil)
        #expect(try await places.artefacts() == [artefact])
    }

    @Test func `the record is what Storage/README.md says, and is unreadable without its key`() async throws {
        try await places.keep(position, of: artefact)
        let sealed = try Data(contentsOf: URL(fileURLWithPath: path(of: artefact).string))
        let plain = String(decoding: try opened(path(of: artefact), with: keyring), as: UTF8.self)

        #expect(
            plain == #"{"artefact":"\#(artefact)","position":{"altitude":31,"latitude":51.507351,"#
                + #""longitude":-0.127758,"source":"exif"}}"#)
        #expect(sealed.range(of: Data("51.5".utf8)) == nil)
    }

    @Test func `a changed record is damaged, and so is that of another artefact under its name`() async throws {
        try await places.keep(position, of: artefact)
        let other = ArtefactID()
        try await places.keep(position, of: other)
        try FileManager.default.removeItem(atPath: path(of: other).string)
        try FileManager.default.copyItem(atPath: path(of: artefact).string, toPath: path(of: other).string)
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path(of: artefact).string)))
        bytes[120] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: path(of: artefact).string))

        for artefact in [artefact, other] {
            let name = RecordStore.Name(kind: "place", id: "\(artefact)")
            await #expect(throws: RecordStoreError.damaged(name)) { try await places.position(of: artefact) }
        }
    }
}
