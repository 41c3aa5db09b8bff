import Artefacts
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Stored files that are no longer what was stored.
@Suite(.serialized) struct FixityTests {
    private let folder: TemporaryDirectory
    private let storage: FilePath

    init() throws {
        folder = try TemporaryDirectory()
        storage = folder.path.appending("store")
    }

    @Test func `damage is found by reading, told in plain words, and healed by the same file sent again`() async throws
    {
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await daemon.client.addChild()
        let bytes = try Samples.bytes("photo.jpg")
        let added = try await daemon.client.add(bytes, named: "p.jpg", to: child)
        let href = try #require(added["artefact.href"]) + "/content"
        try storage.damageBlobs { $0[200] ^= 1 }

        let first = try await daemon.client.get(href)
        let damaged = try await daemon.client.get(href)
        let metrics = try await daemon.client.with(token: try await daemon.token(["--role", "system"])).get("/metrics")
        let again = try await daemon.client.add(bytes, named: "p.jpg", to: child)
        let healed = try await daemon.client.get(href)

        #expect(first.status == 500)
        #expect(first["type"] == "/problems/damaged")
        #expect(damaged.status == 500)
        #expect(damaged["type"] == "/problems/damaged")
        #expect(damaged["detail"]?.contains("restore it from the backup") == true)
        #expect(metrics.text.contains("\nkeepsake_blobs_damaged 1\n"))
        #expect(again.status == 201)
        #expect(healed.body == bytes)
        #expect(!daemon.log.contains("p.jpg"))
        #expect(
            daemon.log.split(separator: "\n").contains { $0.contains("a blob could not") && $0.contains("request.id=") }
        )
    }

    @Test func `verify finds what is damaged, cut, exchanged and missing, and says so to people and programs`()
        async throws
    {
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await daemon.client.addChild()
        for name in ["photo.jpg", "drawing.png", "letter.pdf", "video.mp4", "letter.txt"] {
            #expect(try await daemon.client.add(try Samples.bytes(name), named: name, to: child).status == 201)
        }
        let whole = try await keepsake(["verify"])
        let paths = try storage.blobs()
        try FileManager.default.removeItem(atPath: paths[0].string)
        try paths[1].change { $0.removeLast(100) }
        try FileManager.default.removeItem(atPath: paths[2].string)
        try FileManager.default.copyItem(atPath: paths[3].string, toPath: paths[2].string)

        let found = try await keepsake(["verify"])
        let json = try await keepsake(["verify", "--json"])
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let damaged = try #require(document["damaged"] as? [[String: String]])

        #expect(whole.status == 0)
        #expect(whole.output.contains("5 whole, 0 damaged"))
        #expect(found.status == 1)
        #expect(found.output.contains("2 whole, 3 damaged"))
        #expect(found.output.contains("it is missing"))
        #expect(found.output.contains("the end is damaged or missing") || found.output.contains("size"))
        #expect(found.output.contains("it is another file"))
        #expect(json.status == 1)
        #expect(document["verified"] as? Int == 5)
        #expect(
            Set(damaged.compactMap { $0["digest"] }) == Set(paths[0...2].map { "sha256:\($0.lastComponent!.string)" }))
    }

    @Test func `verify finds a place that is not what was written, and heals it from the backup`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await daemon.client.addChild()
        for name in ["photo.jpg", "clip.mov"] {
            #expect(
                try await daemon.client.add(try Samples.bytes("located/" + name), named: name, to: child).status == 201)
        }
        let whole = try await keepsake(["verify"])
        let backup = folder.path.appending("backup").string
        let copied = try await keepsake(["backup", backup])
        let path = try #require(try storage.places().first)
        let artefact = try #require(path.stem)
        try path.change { $0[150] ^= 1 }

        let found = try await keepsake(["verify"])
        let json = try await keepsake(["verify", "--json"])
        let document = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let healed = try await keepsake(["verify", "--heal-from", backup])
        let again = try await keepsake(["verify"])

        #expect(whole.status == 0, "\(whole.output)\(whole.errors)")
        #expect(whole.output.contains("Places: 2 whole, 0 damaged."))
        #expect(copied.status == 0)
        #expect(found.status == 1)
        #expect(found.output.contains("damaged  place  of the artefact \(artefact)\n"))
        #expect(found.output.contains("Places: 1 whole, 1 damaged."))
        #expect(json.status == 1)
        #expect(document["places"] as? Int == 2)
        #expect(document["damagedPlaces"] as? [String] == [artefact])
        #expect(healed.status == 0, "\(healed.output)\(healed.errors)")
        #expect(healed.output.contains("healed  place  of the artefact \(artefact)\n"))
        #expect(again.output.contains("Places: 2 whole, 0 damaged."))
        withExtendedLifetime(daemon) {}
    }

    @Test(.timeLimit(.minutes(5)))
    func `a verify that was stopped goes on where it stood`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await daemon.client.addChild()
        for number in 0..<80 {
            let text = String(repeating: "page \(number) ", count: 9000)
            #expect(try await daemon.client.add(Array(text.utf8), named: "\(number).txt", to: child).status == 201)
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: BuildProducts.path(of: "keepsake").string)
        process.arguments = ["verify", "--storage", storage.string, "--rate", "1", "--concurrency", "1"]
        let began = Int64(Date().timeIntervalSince1970 * 1000)
        try process.run()
        // A few blobs at a time are said to be verified.
        try await daemon.indexTells("EXISTS (SELECT * FROM blobs WHERE verifiedAt > \(began))")
        process.terminate()
        process.waitUntilExit()

        let rest = try await keepsake(["verify", "--json"])
        let document = try #require(JSONSerialization.jsonObject(with: Data(rest.output.utf8)) as? [String: Any])
        let next = try await keepsake(["verify"])

        #expect(document["continued"] as? Bool == true)
        let verified = try #require(document["verified"] as? Int)
        #expect(verified > 0 && verified < 80)
        #expect(next.output.contains("80 whole"))
    }

    @Test(.timeLimit(.minutes(5)))
    func `the daemon verifies by itself`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await daemon.client.addChild()
        let added = try await daemon.client.add(try Samples.bytes("photo.jpg"), named: "p.jpg", to: child)
        daemon.stop(SIGTERM)
        try storage.damageBlobs { $0[500] ^= 8 }

        let again = try await DaemonProcess(storage: storage)
        let system = again.client.with(token: try await again.token(["--role", "system"]))
        while try await !system.get("/metrics").text.contains("keepsake_blobs_damaged 1") {
            try await Task.sleep(for: .milliseconds(20))
        }
        let content = try await again.client.get(try #require(added["artefact.href"]) + "/content")

        #expect(content.status == 500)
        #expect(again.log.contains("a blob is damaged"))
    }

    @Test func `a file that may not be read is not served, and is not taken for damaged`() async throws {
        // Root as others are: what a file’s mode forbids is forbidden.
        let daemon = try await DaemonProcess(
            storage: storage, wrapper: ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"])
        let child = try await daemon.client.addChild()
        let bytes = try Samples.bytes("photo.jpg")
        let added = try await daemon.client.add(bytes, named: "p.jpg", to: child)
        let href = try #require(added["artefact.href"]) + "/content"
        let hex = try #require(added["artefact.digest"]).dropFirst("sha256:".count)
        let blob = storage.appending("blobs/sha256/\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))/\(hex)").string
        #expect(chmod(blob, 0) == 0)
        let forbidden = try await daemon.client.get(href)
        let metrics = try await daemon.client.with(token: try await daemon.token(["--role", "system"])).get("/metrics")
        #expect(chmod(blob, 0o400) == 0)
        let again = try await daemon.client.get(href)

        #expect(forbidden.status == 500)
        #expect(forbidden["type"] == "/problems/failed")
        #expect(metrics.text.contains("\nkeepsake_blobs_damaged 0\n"))
        #expect(daemon.log.contains("Permission denied"))
        #expect(again.body == bytes)
    }

    @Test func `metrics are for systems`() async throws {
        let daemon = try await DaemonProcess(storage: storage)

        #expect(try await daemon.client.with(token: nil).get("/metrics").status == 401)
        #expect(try await daemon.client.get("/metrics").status == 403)
    }

    private func keepsake(_ arguments: [String]) async throws -> Command {
        try await Command.run(BuildProducts.path(of: "keepsake"), arguments + ["--storage", storage.string])
    }
}

extension FilePath {
    /// The files of the blobs of a store, by name.
    func blobs() throws -> [FilePath] {
        let root = appending("blobs").appending("sha256")
        return try FileManager.default.subpathsOfDirectory(atPath: root.string)
            .filter { $0.split(separator: "/").count == 3 }.sorted().map { FilePath("\(root)/\($0)") }
    }

    func damageBlobs(_ change: (inout [UInt8]) -> Void) throws {
        for path in try blobs() { try path.change(change) }
    }

    /// Puts changed bytes in place of the file's own.
    func change(_ change: (inout [UInt8]) -> Void) throws {
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: string)))
        change(&bytes)
        try FileManager.default.removeItem(atPath: string)
        try Data(bytes).write(to: URL(fileURLWithPath: string))
    }
}
