import Foundation
import Sealing
import Testing

@Suite struct KeyringTests {
    private let root = SecretKey.random()
    private let newRoot = SecretKey.random()
    private let document: KeyringDocument

    init() { document = KeyringDocument(newWith: root, at: Date()) }

    @Test func `a keyring that was written is read and opened`() throws {
        let read = try KeyringDocument(parsing: document.bytes)

        let (written, opened) = (try document.open(with: root), try read.open(with: root))

        #expect(opened.current == written.current)
        #expect(opened.key(written.current.id) == written.current)
    }

    @Test func `another root key opens nothing`() {
        #expect(throws: KeyringError.wrongRoot) { try document.open(with: newRoot) }
        #expect(throws: KeyringError.wrongRoot) { try document.rotated(from: newRoot, to: root, at: Date()) }
        #expect(throws: KeyringError.wrongRoot) { try document.forRootAlone(newRoot) }
    }

    @Test func `while it is rotated, both root keys open every key; then the new one alone`() throws {
        let before = try document.open(with: root)

        let rotated = try document.rotated(from: root, to: newRoot, at: Date())
        let after = try rotated.forRootAlone(newRoot)

        for keyring in [try rotated.open(with: root), try rotated.open(with: newRoot), try after.open(with: newRoot)] {
            #expect(keyring.key(before.current.id) == before.current)
            #expect(keyring.current != before.current)
            #expect(keyring.names.count == 2)
        }
        #expect(throws: KeyringError.wrongRoot) { try after.open(with: root) }
        #expect(after.roots == [newRoot.id.description])
    }

    @Test func `a rotation that never ended is forgotten by the next`() throws {
        let lost = SecretKey.random()

        let rotated = try document.rotated(from: root, to: lost, at: Date()).rotated(
            from: root, to: newRoot, at: Date())

        #expect(rotated.roots == [root.id.description, newRoot.id.description])
    }

    @Test func `store keys that nothing needs retire, and the current one never`() throws {
        let rotated = try document.rotated(from: root, to: root, at: Date())
        let (old, current) = (try document.open(with: root).current.id, try rotated.open(with: root).current.id)

        #expect(rotated.keeping([old]) == rotated)
        #expect(try rotated.keeping([]).open(with: root).names == [current])
    }

    @Test func `a keyring that was changed is refused`() throws {
        let text = String(decoding: document.bytes, as: UTF8.self)
        let sealed = try #require(text.firstRange(of: /"sealed" : "[0-9a-f]{4}/)?.upperBound)
        let changed = text.replacingCharacters(
            in: sealed..<text.index(after: sealed), with: text[sealed] == "0" ? "1" : "0")

        #expect(throws: KeyringError.malformed) { try KeyringDocument(parsing: Array(changed.utf8)).open(with: root) }
        #expect(throws: KeyringError.malformed) { try KeyringDocument(parsing: Array("{}".utf8)) }
    }

    @Test func `printing a key does not give it away`() {
        let key = SecretKey.random()

        #expect("\(key)" == "key \(key.id)")
        #expect(!String(reflecting: key).contains(key.bytes.map { String(format: "%02x", $0) }.joined()))
    }
}
