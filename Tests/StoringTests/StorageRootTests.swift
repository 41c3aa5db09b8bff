import DurableFiles
import Foundation
import Sealing
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
        #expect(attributes[.size] as? Int == 65)
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

        try Data(String(repeating: "07", count: 32).utf8).write(to: URL(fileURLWithPath: key))
        let wrong = #expect(throws: StorageRootError.self) { try StorageRoot(daemonAt: folder.path) }
        try Data("my key".utf8).write(to: URL(fileURLWithPath: key))
        let none = #expect(throws: StorageRootError.self) { try StorageRoot(daemonAt: folder.path) }
        try FileManager.default.removeItem(atPath: key)
        let missing = #expect(throws: StorageRootError.self) { try StorageRoot(daemonAt: folder.path) }

        #expect(wrong?.description.contains("not the one of this store") == true)
        #expect(none?.description.contains("64 hexadecimal digits") == true)
        #expect(missing?.description.contains("is missing") == true)
        #expect(!DurableFile.exists(FilePath(key)), "a lost key is not replaced by another")
    }

    @Test func `a root key from elsewhere is on no disk, and opens the store again`() throws {
        let folder = try TemporaryDirectory()
        let source = RootKeySource.text(String(repeating: "AB", count: 32), place: "the environment")

        _ = try StorageRoot(daemonAt: folder.path, rootKey: source)
        let again = try StorageRoot(daemonAt: folder.path, rootKey: source)

        #expect(!again.isNew)
        #expect(!DurableFile.exists(folder.path.appending("keys").appending("root.key")))
    }

    @Test func `a first start uses the root key that is there already`() throws {
        let folder = try TemporaryDirectory()
        let key = try folder.file("mine.key", String(repeating: "cd", count: 32).utf8)

        let store = try StorageRoot(daemonAt: folder.path.appending("store"), rootKey: .file(key))

        #expect(store.isNew)
        #expect(
            try KeyFolder(of: store.path, source: .file(key)).rootKey().bytes == [UInt8](repeating: 0xCD, count: 32))
    }

    @Test func `an index without its marker is not taken for a new store`() throws {
        let folder = try TemporaryDirectory()
        _ = try folder.file("index.sqlite", "some index".utf8)

        let error = #expect(throws: StorageRootError.self) { try StorageRoot(daemonAt: folder.path) }

        #expect(error?.description.contains("no store.json") == true)
    }

    @Test func `a command beside the daemon says where there is no store`() throws {
        let folder = try TemporaryDirectory()

        let error = #expect(throws: StorageRootError.self) { try StorageRoot.expect(at: folder.path) }

        #expect(error?.description.contains("There is no store") == true)
    }
}
