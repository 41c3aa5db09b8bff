import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite(.serialized) struct KeysTests {
    private let folder: TemporaryDirectory
    private let storage: FilePath

    init() throws {
        folder = try TemporaryDirectory()
        storage = folder.path.appending("store")
    }

    private var rootKey: FilePath { storage.appending("keys").appending("root.key") }

    @Test(.timeLimit(.minutes(5)))
    func `rotating rewrites no file, and what was stored before is read afterwards`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await daemon.client.addChild()
        let bytes = try Samples.bytes("photo.jpg")
        let added = try await daemon.client.add(bytes, named: "p.jpg", to: child)
        let href = try #require(added["artefact.href"]) + "/content"
        let sealed = try storage.blobs().map { try Data(contentsOf: URL(fileURLWithPath: $0.string)) }
        let oldKey = try Data(contentsOf: URL(fileURLWithPath: rootKey.string))
        let kept = folder.path.appending("old.key")

        let rotated = try await keepsake(["keys", "rotate", "--keep-old", kept.string])
        let whileRunning = try await daemon.client.get(href)
        let second = try await daemon.client.add(try Samples.bytes("drawing.png"), named: "d.png", to: child)
        daemon.stop(SIGTERM)
        let again = try await DaemonProcess(storage: storage)
        let client = again.client.with(token: daemon.client.token)
        let third = try await client.add(try Samples.bytes("letter.pdf"), named: "l.pdf", to: child)
        let list = try await keepsake(["keys", "list", "--json"])

        #expect(rotated.status == 0, "\(rotated.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: kept.string)) == oldKey)
        #expect(try Data(contentsOf: URL(fileURLWithPath: rootKey.string)) != oldKey)
        #expect(whileRunning.body == bytes)
        #expect(second.status == 201)
        #expect(try await client.get(href).body == bytes)
        #expect(try await client.get(try #require(third["artefact.href"]) + "/content").status == 200)
        #expect(try storage.blobs().map { try Data(contentsOf: URL(fileURLWithPath: $0.string)) }.contains(sealed[0]))
        #expect(list.output.contains(#""current":false"#))
        let keys = try #require(
            JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [String: [[String: Any]]])["keys"]
        #expect(keys?.allSatisfy { ($0["files"] as? Int ?? 0) > 0 } == true, "both keys are needed: \(list.output)")
    }

    @Test func `a store key retires when no file needs it, and the old root key opens nothing`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let oldKey = try Data(contentsOf: URL(fileURLWithPath: rootKey.string))
        _ = try await keepsake(["keys", "rotate"])
        let tooEarly = try await keepsake(["keys", "retire"])
        daemon.stop(SIGTERM)
        let needed = try await keepsake(["keys", "retire"])
        try FileManager.default.removeItem(atPath: storage.appending("records").string)
        let retired = try await keepsake(["keys", "retire"])
        let list = try await keepsake(["keys"])
        try oldKey.write(to: URL(fileURLWithPath: rootKey.string))
        let refused = try await keepsake(["serve", "--port", "0"])

        #expect(tooEarly.status == 1)
        #expect(tooEarly.errors.contains("Stop it first"))
        #expect(needed.output.hasPrefix("0 store keys retired"), "a record of the journal needs it")
        #expect(retired.output.hasPrefix("1 store keys retired"))
        #expect(list.output.split(separator: "\n").count == 1)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("not the one of this store"))
    }

    @Test(.timeLimit(.minutes(5)))
    func `a root key from the environment is rotated in two steps, and both open the store between them`() async throws
    {
        let (old, new) = (String(repeating: "1a", count: 32), String(repeating: "2b", count: 32))
        let daemon = try await DaemonProcess(storage: storage, environment: ["KEEPSAKE_KEYS_ROOT": old])
        daemon.stop(SIGTERM)
        let file = try folder.file("new.key", new.utf8)

        let missing = try await keepsake(["keys", "rotate"], root: old)
        let rotated = try await keepsake(["keys", "rotate", "--new-root", file.string], root: old)
        let withOld = try await keepsake(["keys"], root: old)
        let withNew = try await keepsake(["keys"], root: new)
        let retired = try await keepsake(["keys", "retire"], root: new)
        let afterwards = try await keepsake(["keys"], root: old)

        #expect(missing.errors.contains("--new-root"))
        #expect(rotated.status == 0, "\(rotated.errors)")
        #expect(withOld.status == 0)
        #expect(withNew.status == 0)
        #expect(retired.status == 0, "\(retired.errors)")
        #expect(afterwards.errors.contains("not the one of this store"))
        #expect(!FileManager.default.fileExists(atPath: rootKey.string), "it is on no disk")
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [("fsync", 1...6), ("rename", 1...3)].flatMap { call, range in range.map { (call, $0) } })
    func `killed at any step, the root key in its place opens the store`(_ call: String, _ nth: Int) async throws {
        let daemon = try await DaemonProcess(storage: storage)
        daemon.stop(SIGTERM)

        let killed = try await Command.run(
            "/usr/bin/strace",
            [
                "-f", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):signal=SIGKILL:when=\(nth)",
                BuildProducts.path(of: "keepsake").string, "keys", "rotate", "--storage", storage.string,
            ])
        let afterwards = try await keepsake(["keys"])
        let again = try await keepsake(["keys", "rotate"])
        let next = try await keepsake(["keys"])

        #expect(killed.status != 0, "there are that many steps")
        #expect(afterwards.status == 0, "\(afterwards.errors)")
        #expect(again.status == 0, "\(again.errors)")
        #expect(next.status == 0)
    }

    private func keepsake(_ arguments: [String], root: String? = nil) async throws -> Command {
        try await Command.run(
            BuildProducts.path(of: "keepsake"), arguments + ["--storage", storage.string],
            environment: root.map { ["KEEPSAKE_KEYS_ROOT": $0] } ?? [:])
    }
}
