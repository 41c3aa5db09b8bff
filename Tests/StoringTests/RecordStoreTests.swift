import Foundation
import Sealing
import Storing
import SystemPackage
import TestSupport
import Testing

@Suite struct RecordStoreTests {
    private let folder: TemporaryDirectory
    private let keyring = Keyring.forTests()

    init() throws { folder = try TemporaryDirectory() }

    private var store: RecordStore { RecordStore(root: folder.path.appending("records"), keyring: keyring) }
    private let name = RecordStore.Name(kind: "child", id: "0190-abcd")

    @Test func `a record is read as it was written last`() async throws {
        try await store.write([(name, Array("old".utf8)), (RecordStore.Name(kind: "child", id: "0190-aaaa"), [1, 2])])
        try await store.write([(name, Array("new".utf8))])

        #expect(try await store.read(name) == Array("new".utf8))
        #expect(try await store.names(of: "child").map(\.id) == ["0190-aaaa", "0190-abcd"])
        #expect(try await store.names(of: "artefact").isEmpty)
    }

    @Test func `nothing of a record is readable without its key, and a changed one is damaged`() async throws {
        try await store.write([(name, Array("Amira likes the dog".utf8))])
        let path = folder.path.appending("records").appending("child").appending("cd").appending("0190-abcd.json")
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path.string)))

        #expect(Data(bytes).range(of: Data("Amira".utf8)) == nil)
        bytes[120] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: path.string))
        await #expect(throws: RecordStoreError.damaged(name)) { try await store.read(name) }
    }

    @Test func `a record that is not there is damaged`() async {
        await #expect(throws: RecordStoreError.damaged(name)) { try await store.read(name) }
    }
}
