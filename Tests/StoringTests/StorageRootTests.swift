import Foundation
import Storing
import SystemPackage
import TestSupport
import Testing

@Suite struct StorageRootTests {
    @Test func `the first start makes key and marker, the second finds them`() throws {
        let folder = try TemporaryDirectory()

        let isNew = try StorageRoot(daemonAt: folder.path).isNew
        let isNewAgain = try StorageRoot(daemonAt: folder.path).isNew

        #expect(isNew)
        #expect(!isNewAgain)
        let key = folder.path.appending("keys").appending("root.key").string
        let attributes = try FileManager.default.attributesOfItem(atPath: key)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int == 32)
    }

    @Test func `two daemons do not share a store`() throws {
        let folder = try TemporaryDirectory()
        let first = try StorageRoot(daemonAt: folder.path)

        let error = #expect(throws: StorageRootError.self) { try StorageRoot(daemonAt: folder.path) }

        guard case .inUse? = error else {
            Issue.record("expected that it is in use: \(String(describing: error))")
            return
        }
        withExtendedLifetime(first) {}
    }

    @Test func `a missing or another root key is refused with what to do`() throws {
        let folder = try TemporaryDirectory()
        _ = try StorageRoot(daemonAt: folder.path)
        let key = folder.path.appending("keys").appending("root.key").string

        try Data(repeating: 7, count: 32).write(to: URL(fileURLWithPath: key))
        let wrong = #expect(throws: StorageRootError.self) { try StorageRoot(daemonAt: folder.path) }
        try FileManager.default.removeItem(atPath: key)
        let missing = #expect(throws: StorageRootError.self) { try StorageRoot(daemonAt: folder.path) }

        #expect(wrong?.description.contains("not the one of this store") == true)
        #expect(missing?.description.contains("is missing") == true)
    }

    @Test func `an index without its marker is not taken for a new store`() throws {
        let folder = try TemporaryDirectory()
        _ = try folder.file("index.sqlite", "some index".utf8)

        let error = #expect(throws: StorageRootError.self) { try StorageRoot(daemonAt: folder.path) }

        #expect(error?.description.contains("no store.json") == true)
    }

    @Test func `a command beside the daemon says where there is no store`() throws {
        let folder = try TemporaryDirectory()

        let error = #expect(throws: StorageRootError.self) { try StorageRoot.index(ofStoreAt: folder.path) }

        #expect(error?.description.contains("There is no store") == true)
    }
}
