import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite(.serialized) struct BackupTests {
    private let folder: TemporaryDirectory
    private let storage: FilePath
    private let backup: FilePath

    init() throws {
        folder = try TemporaryDirectory()
        storage = folder.path.appending("store")
        backup = folder.path.appending("backup")
    }

    private static let samples = ["photo.jpg", "drawing.png", "letter.pdf", "voice.m4a"]

    @Test(.timeLimit(.minutes(5)))
    func `on an empty machine, with the backup and the root key, every answer is the same`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await fill(daemon.client)
        let first = try await keepsake(["backup", backup.string])
        #expect(try await daemon.client.add(try Samples.bytes("clip.mov"), named: "c.mov", to: child).status == 201)
        let second = try await keepsake(["backup", backup.string, "--json"])
        let before = try await answers(child, daemon.client)
        let key = try folder.file("kept.key", try Data(contentsOf: file("keys/root.key")))
        daemon.stop(SIGKILL)
        try FileManager.default.removeItem(atPath: storage.string)

        let withoutKey = try await keepsake(["restore", backup.string])
        let wrongKey = try await keepsake([
            "restore", backup.string, "--root-key",
            try folder.file("wrong.key", String(repeating: "ab", count: 32).utf8).string,
        ])
        #expect(!FileManager.default.fileExists(atPath: storage.string), "nothing is written before all is well")
        let restored = try await keepsake(["restore", backup.string, "--root-key", key.string])
        let again = try await DaemonProcess(storage: storage)
        let after = try await answers(child, again.client.with(token: daemon.client.token))
        let verified = try await keepsake(["verify"])
        let occupied = try await keepsake(["restore", backup.string, "--root-key", key.string])

        #expect(first.status == 0, "\(first.errors)")
        #expect(first.output.contains("4 files copied"))
        #expect(first.output.contains("root key is not in the backup"))
        #expect(!FileManager.default.fileExists(atPath: backup.appending("keys/root.key").string))
        #expect(second.output.contains(#""copied":1,"#), "\(second.output)")
        #expect(second.output.contains(#""present":4"#))
        #expect(withoutKey.status == 1)
        #expect(withoutKey.errors.contains("is missing"))
        #expect(wrongKey.errors.contains("not the one of this store"))
        #expect(restored.status == 0, "\(restored.errors)")
        #expect(before == after)
        #expect(verified.status == 0, "\(verified.output)")
        #expect(occupied.errors.contains("is not empty"))
    }

    @Test(.timeLimit(.minutes(5)))
    func `what is damaged in the store stays whole in the backup, and is healed from it`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await fill(daemon.client)
        _ = try await keepsake(["backup", backup.string])
        let before = try await answers(child, daemon.client)
        let blobs = try storage.blobs()
        try blobs[0].change { $0[300] ^= 1 }
        try FileManager.default.removeItem(atPath: blobs[1].string)

        let anew = try await keepsake(["backup", folder.path.appending("other").string])
        let found = try await keepsake(["verify", "--again"])
        let incremental = try await keepsake(["backup", backup.string])
        let healed = try await keepsake(["verify", "--heal-from", backup.string, "--json"])
        let after = try await answers(child, daemon.client)

        #expect(anew.status == 1)
        #expect(anew.output.contains("2 files copied"))
        #expect(anew.output.contains("2 damaged"))
        #expect(found.status == 1)
        #expect(incremental.status == 0, "the backup's own copies are whole: \(incremental.output)")
        #expect(healed.status == 0, "\(healed.output)\(healed.errors)")
        #expect(healed.output.contains(blobs[0].lastComponent?.string ?? "?"))
        #expect(before == after)
    }

    @Test(.timeLimit(.minutes(5)))
    func `what is damaged in the backup is named, marked and not served`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await fill(daemon.client)
        _ = try await keepsake(["backup", backup.string, "--with-root-key"])
        daemon.stop(SIGTERM)
        try FileManager.default.removeItem(atPath: storage.string)
        try backup.blobs()[0].change { $0[300] ^= 1 }

        let restored = try await keepsake(["restore", backup.string])
        let again = try await DaemonProcess(storage: storage)
        let answers = try await answers(child, again.client.with(token: daemon.client.token))

        #expect(restored.status == 1, "\(restored.errors)")
        #expect(restored.output.contains("3 files copied"))
        #expect(restored.output.contains("segment 0 is damaged"))
        #expect(answers.values.count { String(decoding: $0, as: UTF8.self).hasPrefix("500") } == 1)
    }

    @Test func `a folder that is something else is refused`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let other = try await DaemonProcess(storage: folder.path.appending("other"))
        try FileManager.default.createDirectory(
            atPath: folder.path.appending("mine").string, withIntermediateDirectories: true)
        _ = try folder.file("mine/letter.txt", "keep me".utf8)

        let inside = try await keepsake(["backup", storage.appending("backup").string])
        let occupied = try await keepsake(["backup", folder.path.appending("mine").string])
        let others = try await keepsake(["backup", other.storage.string])
        let none = try await keepsake(["restore", folder.path.appending("mine").string])

        #expect(inside.errors.contains("lies in the store itself"))
        #expect(occupied.errors.contains("no backup"))
        #expect(others.errors.contains("another store"))
        #expect(none.errors.contains("no whole backup"))
        for refused in [inside, occupied, others, none] { #expect(refused.status == 1) }
        withExtendedLifetime(daemon) {}
    }

    private static let kills: [(String, Int)] = [("rename", 1...9), ("fsync", 1...12), ("unlink", 1...3)].flatMap {
        call, range in stride(from: range.lowerBound, through: range.upperBound, by: 2).map { (call, $0) }
    }

    @Test(.timeLimit(.minutes(5)), arguments: kills)
    func `killed in the middle, the last backup or the new one is whole, and the next goes on`(
        _ call: String, _ nth: Int
    ) async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await fill(daemon.client)
        _ = try await keepsake(["backup", backup.string, "--with-root-key"])
        #expect(try await daemon.client.add(try Samples.bytes("clip.mov"), named: "c.mov", to: child).status == 201)

        _ = try await killed(["backup", backup.string, "--storage", storage.string], call, nth)
        let restored = folder.path.appending("restored")
        _ = try await killed(["restore", backup.string, "--storage", restored.string], call, nth)
        let rest = try await keepsake(["restore", backup.string], storage: restored)
        let verified = try await keepsake(["verify"], storage: restored)
        let next = try await keepsake(["backup", backup.string])

        #expect(rest.status == 0 || rest.errors.contains("is not empty"), "\(rest.errors)")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        #expect(verified.output.contains("4 whole") || verified.output.contains("5 whole"))
        #expect(next.status == 0, "\(next.errors)")
    }

    private func fill(_ client: TestClient) async throws -> String {
        let child = try await client.addChild()
        for name in Self.samples {
            #expect(try await client.add(try Samples.bytes(name), named: name, to: child).status == 201)
        }
        return child
    }

    private func answers(_ child: String, _ client: TestClient) async throws -> [String: [UInt8]] {
        let timeline = try await client.get("/v1/children/\(child)/timeline")
        var answers = ["timeline": timeline.body]
        for index in 0..<timeline.count("items") {
            let href = try #require(timeline["items.\(index).contentHref"])
            let content = try await client.get(href)
            answers[href] = Array("\(content.status) ".utf8) + content.body
        }
        return answers
    }

    private func file(_ name: String) -> URL { URL(fileURLWithPath: storage.string).appending(path: name) }

    private func killed(_ arguments: [String], _ call: String, _ nth: Int) async throws -> Command {
        try await Command.run(
            "/usr/bin/strace",
            [
                "-f", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):signal=SIGKILL:when=\(nth)",
                BuildProducts.path(of: "keepsake").string,
            ] + arguments)
    }

    private func keepsake(_ arguments: [String], storage: FilePath? = nil) async throws -> Command {
        try await Command.run(
            BuildProducts.path(of: "keepsake"), arguments + ["--storage", (storage ?? self.storage).string])
    }
}
