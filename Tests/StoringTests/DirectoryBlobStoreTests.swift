import Artefacts
import Conformance
import Foundation
import Storing
import SystemPackage
import TestSupport
import Testing

@Suite struct DirectoryBlobStoreTests {
    @Test(arguments: BlobStoreConformance.promises)
    func keeps(_ promise: Promise<BlobStoreConformance.Subject>) async throws {
        let folder = try TemporaryDirectory()
        let store = try DirectoryBlobStore(root: folder.path.appending("blobs"))

        try await promise.check(BlobStoreConformance.Subject(store: store, folder: folder))
    }

    @Test func `a blob lies under its digest, and nobody may write to it`() async throws {
        let folder = try TemporaryDirectory()
        let store = try DirectoryBlobStore(root: folder.path)
        let staged = try folder.file("staged", "test".utf8)

        try await store.adopt(staged, as: Digester.digest(of: "test".utf8), size: 4)

        let hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
        let path = folder.path.appending("sha256").appending("9f").appending("86").appending(hex)
        let mode = try FileManager.default.attributesOfItem(atPath: path.string)[.posixPermissions] as? Int
        #expect(mode == 0o400)
    }

    @Test func `a blob that became shorter is damaged, and never read as if it were whole`() async throws {
        let folder = try TemporaryDirectory()
        let store = try DirectoryBlobStore(root: folder.path)
        let digest = Digester.digest(of: "precious".utf8)
        try await store.adopt(try folder.file("staged", "precious".utf8), as: digest, size: 8)
        let blob = try #require(try await store.open(digest))
        let path = try #require(try await store.localFile(of: digest))
        try #require(chmod(path.string, 0o600) == 0 && truncate(path.string, 3) == 0)

        await #expect(throws: BlobStoreError.damaged(digest)) { try await blob.read(0..<8) }
    }
}
