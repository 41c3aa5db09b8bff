import Artefacts
import Conformance
import Foundation
import NIOCore
import Receiving
import Sealing
import SystemPackage
import TestSupport
import Testing

@Suite struct DirectoryUploadStoreTests {
    @Test(arguments: UploadStoreConformance.promises)
    func keeps(_ promise: Promise<UploadStoreConformance.Subject>) async throws {
        let folder = try TemporaryDirectory()
        try await promise.check(
            UploadStoreConformance.Subject { try DirectoryUploadStore(root: folder.path, keyring: $0) })
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: Array(stride(from: 0, through: 220, by: 7)))
    func `a log torn at any byte loses no more than its last line`(_ missing: Int) async throws {
        let folder = try TemporaryDirectory()
        let store = try DirectoryUploadStore(root: folder.path, keyring: .forTests())
        let declaration = UploadStoreConformance.declaration(length: 100)
        let spool = try await store.create(declaration)
        for offset in [10, 20, 30] as [Int64] {
            try await spool.write([ByteBuffer(repeating: 7, count: 10)], at: offset - 10)
            try await spool.commit(offset, nil)
        }
        let log = folder.path.appending("\(declaration.id).upload").string
        let whole = try Data(contentsOf: URL(fileURLWithPath: log))
        try #require(truncate(log, whole.count - missing) == 0)
        let lines = whole.dropLast(missing).count { $0 == UInt8(ascii: "\n") }
        let expected = Int64(lines - 1) * 10

        let found = try await store.upload(declaration.id)
        let again = try await store.open(declaration.id)
        try await again.write([ByteBuffer(repeating: 7, count: 5)], at: expected)
        try await again.commit(expected + 5, nil)
        let after = try await store.upload(declaration.id)

        #expect(found?.offset == expected)
        #expect(after?.offset == expected + 5)
    }

    @Test func `a log from before files had times is read`() async throws {
        let folder = try TemporaryDirectory()
        let store = try DirectoryUploadStore(root: folder.path, keyring: .forTests())
        let declaration = UploadStoreConformance.declaration(length: 100)
        _ = try await store.create(declaration)
        let log = folder.path.appending("\(declaration.id).upload").string
        let text = try String(contentsOfFile: log, encoding: .utf8)
        let older = text.replacing(/"times":{[^}]*},/, with: "")
        try #require(older != text)
        try older.write(toFile: log, atomically: false, encoding: .utf8)

        let found = try await store.upload(declaration.id)

        #expect(found?.declaration.id == declaration.id)
        #expect(found?.declaration.words == declaration.words)
        #expect(found?.declaration.times == nil)
    }
}
