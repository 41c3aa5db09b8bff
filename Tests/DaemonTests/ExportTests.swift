import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite struct ExportTests {
    private let folder: TemporaryDirectory
    private let daemon: DaemonProcess
    private let child: String

    init() async throws {
        folder = try TemporaryDirectory()
        daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        child = try await daemon.client.addChild("Amira & <Zoë>")
    }

    @Test func `a bag is valid, and has each original byte for byte with what is known of it`() async throws {
        let names = ["photo.jpg", "drawing.png", "video.mp4", "voice.m4a", "letter.pdf", "cut-short.jpg"]
        var artefacts: [String] = []
        for name in names {
            let caption = "?caption=You%20%3Cdid%3E%20\(name)&visibility=workers"
            artefacts.append(try await add(name, to: child, query: caption))
        }

        let exported = try await export(to: "bag", "--json")
        let checked = try await validate("bag")

        #expect(exported.status == 0, "\(exported.errors)")
        #expect(checked.status == 0, "\(checked.errors)")
        let summary = try json(Array(exported.output.utf8))
        #expect(summary["path"] as? String == place("bag").string)
        #expect(summary["artefacts"] as? Int == 6)
        #expect((summary["missing"] as? [Any])?.isEmpty == true)
        for (name, artefact) in zip(names, artefacts) {
            let known = try json(try bytes("bag/data/metadata/\(artefact).json"))
            let original = try #require(known["original"] as? String)
            let entries = try #require(known["entries"] as? [[String: Any]])
            #expect(try bytes("bag/data/" + original) == (try Samples.bytes(name)))
            #expect(known["fileName"] as? String == name)
            #expect(known["state"] as? String == (name == "cut-short.jpg" ? "held" : "kept"))
            #expect(entries.map { $0["caption"] as? String } == ["You <did> \(name)"])
            #expect(entries.map { $0["visibility"] as? String } == ["workers"])
        }
        let page = String(decoding: try bytes("bag/data/story.html"), as: UTF8.self)
        #expect(page.contains("Amira &amp; &lt;Zoë&gt;"))
        #expect(page.contains("You &lt;did&gt; photo.jpg"))
        #expect(!page.contains("<did>"))
        #expect(try mode("bag") == 0o700)
        #expect(!exists("bag/data/missing.json"))
    }

    @Test func `what people wrote is in the bag as it is, and as it was before`() async throws {
        let added = try await daemon.client.add(
            try Samples.bytes("voice.m4a"), named: "v.m4a", to: child, query: "?caption=You%20spoke.&language=en")
        let (artefact, entry) = (try #require(added["artefact.id"]), try #require(added["entry.id"]))
        let corrected = try await daemon.client.send(
            "PATCH", "/v1/entries/\(entry)",
            body: Array(#"{"caption":"You sang.","transcript":"La <la>","altText":"A song"}"#.utf8))
        try #require(corrected.status == 200)

        _ = try await export(to: "bag")
        let checked = try await validate("bag")
        let known = try json(try bytes("bag/data/metadata/\(artefact).json"))
        let written = try #require((known["entries"] as? [[String: Any]])?.first)
        let history = try #require(written["history"] as? [[String: String]])
        let page = String(decoding: try bytes("bag/data/story.html"), as: UTF8.self)
        let events = String(decoding: try bytes("bag/data/events.xml"), as: UTF8.self)

        #expect(checked.status == 0, "\(checked.errors)")
        #expect(
            ["caption", "transcript", "altText", "language"].map { written[$0] as? String } == [
                "You sang.", "La <la>", "A song", "en",
            ])
        #expect(history.map { $0["field"] } == ["caption", "language", "caption", "transcript", "altText"])
        #expect(history.map { $0["text"] } == ["You spoke.", "en", "You sang.", "La <la>", "A song"])
        #expect(history.allSatisfy { $0["who"] != nil && $0["at"] != nil })
        #expect(page.contains(#"<p dir="auto" lang="en">La &lt;la&gt;</p>"#))
        #expect(events.contains("<eventType>corrected</eventType>"))
        #expect(events.contains("<linkingObjectIdentifierValue>\(entry)/caption<"))
        #expect(!events.contains("You sang."))
    }

    @Test func `the events are those of the journal, the export among them`() async throws {
        _ = try await add("drawing.png", to: child)

        _ = try await export(to: "bag")
        let events = try await Command.run(
            "/usr/bin/env",
            [
                "python3", "-c",
                """
                import sys, xml.etree.ElementTree as tree
                for event in tree.parse(sys.argv[1]).iter("{http://www.loc.gov/premis/v3}eventType"): print(event.text)
                """, place("bag/data/events.xml").string,
            ])

        #expect(events.output == "childAdded\nartefactLinked\nchildExported\n", "\(events.errors)")
    }

    @Test func `nothing of a sibling who has the same file is in the bag`() async throws {
        let ben = try await daemon.client.addChild("Benedict")
        let own = try await add("drawing.png", to: child)
        let other = try await daemon.client.add(
            try Samples.bytes("drawing.png"), named: "bens-own.png", to: ben, query: "?caption=For%20Benedict%20only")
        let (artefact, entry) = (try #require(other["artefact.id"]), try #require(other["entry.id"]))
        for id in [own, artefact] { _ = try await daemon.client.get("/v1/artefacts/\(id)/content") }
        _ = try await daemon.client.get("/v1/children/\(ben)/timeline")

        _ = try await export(to: "bag")
        let paths = try #require(FileManager.default.subpaths(atPath: place("bag").string))
        let files = paths.filter { !isFolder("bag/" + $0) }

        #expect(files.filter { $0.hasPrefix("data/originals/") }.count == 1)
        for file in files {
            let text = file + String(decoding: try bytes("bag/" + file), as: UTF8.self)
            for secret in [ben, artefact, entry, "Benedict", "bens-own"] { #expect(!text.contains(secret)) }
        }
    }

    @Test func `what is damaged or missing is left out and named, and the rest is a valid bag`() async throws {
        _ = try await add("drawing.png", to: child)
        let (damaged, damagedBlob) = try await adding("photo.jpg")
        let (missing, missingBlob) = try await adding("letter.pdf")
        try damage(damagedBlob)
        try FileManager.default.removeItem(atPath: missingBlob.string)

        let exported = try await export(to: "bag")
        let checked = try await validate("bag")

        #expect(exported.status == 1)
        #expect(exported.output == place("bag").string + "\n")
        #expect(exported.errors.contains("photo.jpg (\(damaged)) was left out: it is damaged in the store."))
        #expect(exported.errors.contains("letter.pdf (\(missing)) was left out: it is not in the store."))
        #expect(checked.status == 0, "\(checked.errors)")
        let named = try #require(
            try JSONSerialization.jsonObject(with: Data(try bytes("bag/data/missing.json"))) as? [[String: String]])
        #expect(Set(named.map { $0["artefact"] }) == [damaged, missing])
        #expect(Set(named.map { $0["reason"] }) == ["damaged", "missing"])
        #expect(try json(try bytes("bag/data/metadata/\(damaged).json"))["original"] == nil)
        #expect(try names("bag/data/originals").count == 1)
    }

    @Test func `what is there already is not touched`() async throws {
        try FileManager.default.createDirectory(atPath: place("bag").string, withIntermediateDirectories: false)

        let exported = try await export(to: "bag")

        #expect(exported.status == 1)
        #expect(exported.errors.contains("is there already. Say where to with --output."))
        #expect(try names("bag").isEmpty)
        #expect(try names("").allSatisfy { !$0.contains(".partial-") })
    }

    @Test(.timeLimit(.minutes(5)))
    func `an export that is killed leaves no bag, and the next one makes it`() async throws {
        // Nothing but zeros would be refused.
        let file = try folder.file("long.bin", Data(repeating: 0xAA, count: 4096))
        try #require(truncate(file.string, 256 << 20) == 0)
        let put = try await Command.run(
            BuildProducts.path(of: "keepsake"),
            [
                "put", file.string, "--child", child, "--server", "http://127.0.0.1:\(daemon.port)",
                "--token", daemon.client.token ?? "",
            ], environment: ["XDG_STATE_HOME": folder.path.appending("state").string])
        try #require(put.status == 0, "\(put.errors)")
        let first = Process()
        first.executableURL = URL(fileURLWithPath: BuildProducts.path(of: "keepsake").string)
        first.arguments = arguments(to: "bag")
        first.standardOutput = FileHandle.nullDevice
        try first.run()
        while first.isRunning, try names("").allSatisfy({ !$0.hasPrefix("bag.partial-") }) {
            try await Task.sleep(for: .milliseconds(2))
        }
        try #require(first.isRunning, "it was too fast to be killed")
        kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
        let isThere = exists("bag")

        let second = try await export(to: "bag")
        let checked = try await validate("bag")

        #expect(!isThere)
        #expect(second.status == 0, "\(second.errors)")
        #expect(checked.status == 0, "\(checked.errors)")
    }

    @Test func `without a name the bag gets one of the child's, here`() async throws {
        let exported = try await Command.run(
            "/usr/bin/env",
            ["-C", folder.path.string, BuildProducts.path(of: "keepsake").string, "export", child]
                + ["--storage", daemon.storage.string])

        let name = exported.output.trimmingCharacters(in: .newlines)
        #expect(name.hasPrefix("Amira-Zo-\(child.suffix(8))-20"), "\(exported.errors)")
        #expect(try names(name).contains("bagit.txt"))
    }

    @Test func `a child that is not there is said in a sentence`() async throws {
        let exported = try await Command.run(
            BuildProducts.path(of: "keepsake"),
            ["export", "01a20cdc-ce42-73e0-8d3c-a3ffcaa2260c", "--storage", daemon.storage.string])

        #expect(exported.status == 64)
        #expect(exported.errors.contains("There is no child with this id."))
    }

    // MARK: Steps

    private func add(_ name: String, to child: String, query: String = "") async throws -> String {
        let answer = try await daemon.client.add(try Samples.bytes(name), named: name, to: child, query: query)
        return try #require(answer["artefact.id"], "\(answer.text)")
    }

    /// Adds a file, and answers its artefact and the file in the store that has its bytes.
    private func adding(_ name: String) async throws -> (artefact: String, blob: FilePath) {
        let before = blobs()
        let artefact = try await add(name, to: child)
        let new = blobs().subtracting(before)
        try #require(new.count == 1)
        return (artefact, try #require(new.first))
    }

    private func blobs() -> Set<FilePath> {
        let root = daemon.storage.appending("blobs").appending("sha256")
        let paths = FileManager.default.subpaths(atPath: root.string) ?? []
        return Set(paths.filter { $0.split(separator: "/").count == 3 }.map { root.appending($0) })
    }

    private func damage(_ blob: FilePath) throws {
        try #require(chmod(blob.string, 0o600) == 0)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: blob.string))
        let middle = bytes.count / 2
        for index in middle..<middle + 8 { bytes[index] ^= 0xFF }
        try bytes.write(to: URL(fileURLWithPath: blob.string))
    }

    private func arguments(to name: String) -> [String] {
        ["export", child, "--storage", daemon.storage.string, "--output", place(name).string]
    }

    private func export(to name: String, _ more: String...) async throws -> Command {
        try await Command.run(BuildProducts.path(of: "keepsake"), arguments(to: name) + more)
    }

    /// What the reference implementation of BagIt says of the bag.
    private func validate(_ name: String) async throws -> Command {
        try await Command.run("/usr/bin/env", ["python3", "-m", "bagit", "--validate", place(name).string])
    }

    private func place(_ name: String) -> FilePath { folder.path.appending(name) }

    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: place(name).string) }

    private func isFolder(_ name: String) -> Bool { (try? names(name)) != nil }

    private func names(_ name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: place(name).string)
    }

    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: place(name).string)[.posixPermissions] as? Int
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: place(name).string)))
    }

    private func json(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }
}
