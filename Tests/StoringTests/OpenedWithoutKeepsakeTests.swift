import Artefacts
import Foundation
import Storing
import SystemPackage
import TestSupport
import Testing

/// Storage/open_blob.py is the proof that the format outlives this program.
@Suite struct OpenedWithoutKeepsakeTests {
    private let folder: TemporaryDirectory
    private static let script = Samples.folder.removingLastComponent().removingLastComponent()
        .appending("Storage").appending("open_blob.py")

    init() throws { folder = try TemporaryDirectory() }

    @Test(arguments: [0, 1, 65_536, 200_000])
    func `a blob is opened with the root key by sixty lines of Python`(_ size: Int) async throws {
        let root = try StorageRoot(daemonAt: folder.path.appending("store"))
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
        let digest = Digester.digest(of: bytes)
        let blobs = try DirectoryBlobStore(root: root.folders.blobs, keyring: root.keyring)
        try await blobs.adopt(
            try folder.sealed("staged", bytes, with: root.keyring), as: digest, size: Int64(size))
        let path = try #require(try await blobs.localFile(of: digest))

        let opened = try await open(path)

        #expect(opened.status == 0, "\(opened.errors)")
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: folder.path.appending("out").string))) == bytes)
    }

    @Test func `the record of a place is opened by it too`() async throws {
        let root = try StorageRoot(daemonAt: folder.path.appending("store"))
        let artefact = ArtefactID()
        let position = try #require(Position(latitude: 51.507351, longitude: -0.127758, source: .xmp))
        let places = PlaceStore(RecordStore(root: root.folders.records, keyring: root.keyring))
        try await places.keep(position, of: artefact)
        let name = artefact.description

        let opened = try await open(
            root.folders.records.appending("place").appending(String(name.suffix(2))).appending(name + ".json"))

        #expect(opened.status == 0, "\(opened.errors)")
        #expect(
            try String(contentsOfFile: folder.path.appending("out").string, encoding: .utf8)
                == #"{"artefact":"\#(name)","position":{"latitude":51.507351,"longitude":-0.127758,"source":"xmp"}}"#)
    }

    @Test func `the script does not open a damaged one`() async throws {
        let root = try StorageRoot(daemonAt: folder.path.appending("store"))
        let path = try folder.sealed("sealed", "a letter".utf8, with: root.keyring)
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path.string)))
        bytes[130] ^= 1

        let opened = try await open(try folder.file("damaged", bytes))

        #expect(opened.status != 0)
    }

    private func open(_ path: FilePath) async throws -> Command {
        let store = folder.path.appending("store")
        return try await Command.run(
            "/bin/sh",
            [
                "-c", "/usr/bin/python3 \"$0\" \"$1\" \"$2\" \"$3\" > \"$4\"", Self.script.string,
                store.appending("keys").appending("root.key").string, store.string, path.string,
                folder.path.appending("out").string,
            ])
    }
}
