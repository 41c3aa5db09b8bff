import Artefacts
import Foundation
import Linking
import Storing
import SystemPackage
import TestSupport
import Testing

/// Where an artefact was made: who learns it, and where it is written.
@Suite(.serialized) struct LocationTests {
    private let folder: TemporaryDirectory
    private let daemon: DaemonProcess
    private let child: String
    private var worker: TestClient { daemon.client }
    private var storage: FilePath { daemon.storage }

    init() async throws {
        folder = try TemporaryDirectory()
        daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        child = try await daemon.client.addChild()
    }

    @Test(arguments: [
        ("photo.jpg", "exif"), ("drawing.png", "exif"), ("photo.heic", "exif"), ("clip.mov", "recording"),
        ("voice.m4a", "recording"), ("video.mp4", "xmp"),
    ])
    func `it is told to who asks, and who asked is in the journal each time`(
        _ name: String, _ source: String
    ) async throws {
        let href = try await add("located/" + name)

        let location = try await worker.get(href + "/location")
        _ = try await worker.get(href + "/location")
        let latitude = try #require(location["latitude"].flatMap { Double($0) })
        let longitude = try #require(location["longitude"].flatMap { Double($0) })

        #expect(location.status == 200)
        #expect(abs(latitude - 51.507351) < 0.0001)
        #expect(abs(longitude - -0.127758) < 0.0001)
        #expect(location["source"] == source)
        #expect(location.headers["cache-control"] == "private, no-store")
        let reads = try await journal().filter { $0.act == .locationRead }
        #expect(reads.map(\.subject) == [Self.id(href), Self.id(href)])
        #expect(reads.map { $0.child?.description } == [child, child])
        #expect(reads.allSatisfy { $0.actor.hasPrefix("worker-") })
    }

    /// Who asks for what: the status, and the type of the problem.
    struct Asking: Sendable, CustomTestStringConvertible {
        let role: String
        let file: String
        let visibility: String
        let status: Int
        let problem: String?
        var testDescription: String { "\(role) asks for \(file), seen by \(visibility): \(status)" }

        static let all: [Asking] = [
            Asking(role: "worker", file: "located/photo.jpg", visibility: "workers", status: 200, problem: nil),
            Asking(role: "worker", file: "located/photo.jpg", visibility: "child", status: 200, problem: nil),
            Asking(role: "worker", file: "drawing.png", visibility: "everyone", status: 404, problem: "no-location"),
            Asking(role: "worker", file: "letter.txt", visibility: "everyone", status: 404, problem: "no-location"),
            Asking(role: "system", file: "located/photo.jpg", visibility: "everyone", status: 200, problem: nil),
            Asking(role: "system", file: "located/photo.jpg", visibility: "child", status: 404, problem: "not-found"),
            Asking(role: "child", file: "located/photo.jpg", visibility: "everyone", status: 403, problem: "forbidden"),
            Asking(role: "child", file: "drawing.png", visibility: "everyone", status: 403, problem: "forbidden"),
            Asking(role: "child", file: "located/photo.jpg", visibility: "workers", status: 404, problem: "not-found"),
            Asking(role: "other", file: "located/photo.jpg", visibility: "everyone", status: 404, problem: "not-found"),
            Asking(
                role: "nobody", file: "located/photo.jpg", visibility: "everyone", status: 401, problem: "not-signed-in"
            ),
        ]
    }

    @Test(arguments: Asking.all)
    func `it is told to those alone who may have the original`(_ asking: Asking) async throws {
        let href = try await add(asking.file, visibility: asking.visibility)
        let client = try await client(asking.role)

        let location = try await client.get(href + "/location")
        let page = try await client.get(href.dropFirst(3) + "/location")
        let reads = try await journal().filter { $0.act == .locationRead }

        #expect(location.status == asking.status)
        #expect(location["type"] == asking.problem.map { "/problems/" + $0 })
        #expect(page.status == asking.status)
        #expect(reads.count == (asking.status == 200 ? 2 : 0))
        if asking.status == 403 { #expect(location["detail"]?.contains("locations:see") == true) }
        if asking.status != 200 { #expect(!location.text.contains("51.5") && !page.text.contains("51.5")) }
    }

    @Test func `it is in no index, record, answer, metric or log, nor open anywhere in the store`() async throws {
        var answers: [TestClient.Answer] = []
        for name in ["photo.jpg", "clip.mov", "video.mp4"] {
            let href = try await add("located/" + name)
            answers += [try await worker.get(href), try await worker.get(href + "/location")]
        }
        let told = [1, 3, 5].flatMap { [answers[$0]["latitude"], answers[$0]["longitude"]] }.compactMap(\.self)
        for path in ["/v1/children/\(child)/timeline", "/children/\(child)", "/v1/children/\(child)/search?q=photo"] {
            answers.append(try await worker.get(path))
        }
        answers.append(try await client("system").get("/metrics"))
        daemon.stop(SIGTERM)

        #expect(told.count == 6)
        let secrets = try Self.secrets(told)
        for (index, answer) in answers.enumerated() where ![1, 3, 5].contains(index) {
            #expect(Self.found(secrets, in: Data(answer.body)).isEmpty)
        }
        #expect(Self.found(secrets, in: Data(daemon.log.utf8)).isEmpty)
        let files = try FileManager.default.subpathsOfDirectory(atPath: storage.string)
            .map { storage.appending($0) }.filter { FileManager.default.contents(atPath: $0.string) != nil }
        #expect(files.count { $0.string.contains("/records/place/") } == 3)
        #expect(files.contains { $0.string.hasSuffix("index.sqlite") })
        for file in files {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: file.string))
            #expect(Self.found(secrets, in: bytes).isEmpty, "\(file)")
        }
        let keyring = try KeyFolder(of: storage, source: .file(nil)).open()
        for file in files where file.string.contains("/records/") && !file.string.contains("/records/place/") {
            #expect(Self.found(secrets, in: Data(try opened(file, with: keyring))).isEmpty, "\(file)")
        }
    }

    @Test func `of a held file it is told once a person has let the file be seen`() async throws {
        let bytes = try Samples.bytes("located/photo.jpg").dropLast(40)
        let added = try await worker.add(Array(bytes), named: "p.jpg", to: child)
        let href = try #require(added["artefact.href"])

        let held = try await worker.get(href + "/location")
        let kept = try places()
        let released = try await worker.send("POST", href + "/release")
        let location = try await worker.get(href + "/location")

        #expect(added["artefact.state"] == "held")
        #expect(held.status == 409)
        #expect(kept.count == 1)
        #expect(released.status == 200)
        #expect(location.status == 200)
        #expect(try places() == kept)
    }

    @Test func `nothing is kept of a file that tells no place, nor of one that is refused`() async throws {
        _ = try await add("drawing.png")
        let refused = try await worker.add(try Samples.bytes("holiday.jpg"), named: "holiday.jpg", to: child)

        #expect(refused.status == 422)
        #expect(try places().isEmpty)
    }

    @Test func `what is missing or damaged is found in the file again, and kept`() async throws {
        let href = try await add("located/photo.jpg")
        let before = try await worker.get(href + "/location")
        let path = try #require(try places().first)
        try path.change { $0[120] ^= 1 }

        let damaged = try await worker.get(href + "/location")
        try FileManager.default.removeItem(atPath: path.string)
        let missing = try await worker.get(href + "/location")

        #expect(damaged.status == 200)
        #expect(damaged.body == before.body)
        #expect(daemon.log.contains("the record of a place is damaged"))
        #expect(missing.body == before.body)
        #expect(try places() == [path])
    }

    @Test(.timeLimit(.minutes(5)))
    func `it outlives the index, new keys, and the store itself`() async throws {
        let href = try await add("located/photo.jpg")
        let before = try await worker.get(href + "/location")
        let record = try #require(try places().first)
        let sealed = try Data(contentsOf: URL(fileURLWithPath: record.string))
        let backup = folder.path.appending("backup")
        let restored = folder.path.appending("restored")

        let copied = try await keepsake(["backup", backup.string, "--with-root-key"])
        let back = try await keepsake(["restore", backup.string], storage: restored)
        let rotated = try await keepsake(["keys", "rotate"])
        daemon.stop(SIGTERM)
        let retired = try await keepsake(["keys", "retire"])
        let rebuilt = try await keepsake(["index", "rebuild", "--replace"])
        let collected = try await keepsake(["gc", "--grace-hours", "0"])
        // Neither reads the file again: what is told is what was kept.
        for storage in [storage, restored] {
            let daemon = try await DaemonProcess(
                storage: storage, environment: ["KEEPSAKE_INSPECTION_EXECUTABLE": "/nowhere"])
            let after = try await daemon.client.get(href + "/location")

            #expect(after.status == 200)
            #expect(after.body == before.body)
        }

        for command in [copied, back, rotated, retired, rebuilt, collected] {
            #expect(command.status == 0, "\(command.errors)\(command.output)")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: record.string)) == sealed)
    }

    private func keepsake(_ arguments: [String], storage: FilePath? = nil) async throws -> Command {
        try await Command.run(
            BuildProducts.path(of: "keepsake"), arguments + ["--storage", (storage ?? self.storage).string])
    }

    @Test(.timeLimit(.minutes(5)))
    func `a child's credential gets no note that tells a place, and a film without its track of places`() async throws {
        let daemon = try await DaemonProcess(
            storage: folder.path.appending("other"), environment: DaemonProcess.withRenderer)
        let child = try await daemon.client.addChild()
        let own = daemon.client.with(token: try await daemon.token(["--role", "child", "--child", child]))
        let note = #"{"photoTakenTime": {}, "geoData": {"latitude": 51.507351, "longitude": -0.127758}}"#
        let added = try await daemon.client.add(Array(note.utf8), named: "IMG_1.jpg.json", to: child)
        let href = try #require(added["artefact.href"])
        let film = try await daemon.client.add(try Samples.bytes("located/positions.mp4"), named: "f.mp4", to: child)
        let filmHref = try #require(film["artefact.href"])
        try await daemon.jobsAreDone()

        let refused = try await own.get(href + "/content")
        let given = try await daemon.client.get(href + "/content")
        let location = try await daemon.client.get(href + "/location")
        let copy = try await own.get(filmHref + "/content")
        let unread = try await daemon.client.get(filmHref + "/location")

        #expect(refused.status == 409)
        #expect(refused["type"] == "/problems/no-copy")
        #expect(given.text == note)
        #expect(location["latitude"] == "51.507351")
        #expect(location["source"] == "sidecar")
        #expect(copy.status == 200)
        #expect(!copy.body.isEmpty)
        #expect(Data(copy.body).range(of: Data("51.507351".utf8)) == nil)
        #expect(unread.status == 404)
        #expect(unread["type"] == "/problems/no-location")
    }

    @Test(arguments: [
        ("photo.jpg", "/bin/false"), ("nobody.knows", BuildProducts.path(of: "keepsake-inspector").string),
    ])
    func `a file that nobody could understand may tell a place, whoever lets it be seen`(
        _ name: String, _ inspector: String
    ) async throws {
        let daemon = try await DaemonProcess(
            storage: folder.path.appending("other"), environment: ["KEEPSAKE_INSPECTION_EXECUTABLE": inspector])
        let child = try await daemon.client.addChild()
        let own = daemon.client.with(token: try await daemon.token(["--role", "child", "--child", child]))
        let bytes = name == "photo.jpg" ? try Samples.bytes("located/photo.jpg") : (0..<5000).map(Self.noise)
        let added = try await daemon.client.add(bytes, named: name, to: child)
        let href = try #require(added["artefact.href"])
        _ = try await daemon.client.settled(href)

        let released = try await daemon.client.send("POST", href + "/release")
        try await daemon.jobsAreDone()
        let given = try await daemon.client.get(href + "/content")
        let refused = try await own.get(href + "/content")
        let story = try await own.get("/children/\(child)")

        #expect(added["artefact.state"] == "held")
        #expect(released.status == 200)
        #expect(given.status == 200)
        #expect(refused.status == 409)
        #expect(refused["type"] == "/problems/no-copy")
        #expect(!story.text.contains("\(href)/content"))
    }

    @Test func `the page says it in words to who asks, and the story does not`() async throws {
        let href = try await add("located/photo.jpg")
        let own = try await client("child")

        let story = try await worker.get("/children/\(child)")
        let childsStory = try await own.get("/children/\(child)")
        let page = try await worker.get(href.dropFirst(3) + "/location")

        #expect(story.text.contains("href=\"\(href.dropFirst(3))/location\""))
        #expect(!story.text.contains("51.5"))
        #expect(!childsStory.text.contains("/location"))
        #expect(page.status == 200)
        #expect(page.text.contains("51.50735° north, 0.12776° west"))
        #expect(page.text.contains("/children/\(child)"))
        #expect(page.headers["cache-control"] == "private, no-store")
        #expect(try await journal().contains { $0.act == .locationRead })
    }

    /// A byte of what is no kind of file.
    private static func noise(_ place: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: (place * place * place * 7 + place * place * 31 + 0x91) % 257)
    }

    private func add(_ name: String, visibility: String = "everyone") async throws -> String {
        let added = try await worker.add(
            try Samples.bytes(name), named: name.split(separator: "/").last.map(String.init) ?? name, to: child,
            query: "?visibility=\(visibility)")
        let href = try #require(added["artefact.href"])
        _ = try await worker.settled(href)
        return href
    }

    private func client(_ role: String) async throws -> TestClient {
        switch role {
        case "worker": return worker
        case "system": return worker.with(token: try await daemon.token(["--role", "system"]))
        case "child": return worker.with(token: try await daemon.token(["--role", "child", "--child", child]))
        case "other":
            let other = try await worker.addChild("Ben")
            return worker.with(token: try await daemon.token(["--role", "child", "--child", other]))
        default: return worker.with(token: nil)
        }
    }

    private func journal() async throws -> [JournalEvent] {
        try await SQLiteCatalogue(path: storage.appending("index.sqlite").string).journal(after: 0, limit: 1000)
            .map(\.event)
    }

    /// The records of places.
    private func places() throws -> [FilePath] { try storage.places() }

    private static func id(_ href: String) -> String { String(href.split(separator: "/").last ?? "") }

    /// The numbers as text, as they were told and cut shorter, and as the machine has them.
    private static func secrets(_ numbers: [String]) throws -> [Data] {
        try numbers.flatMap { text in
            let bits = try #require(Double(text)).bitPattern
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
            return [Data(text.utf8), Data(text.prefix(7).utf8), Data(bytes), Data(bytes.reversed())]
        }
    }

    private static func found(_ secrets: [Data], in data: Data) -> [String] {
        secrets.filter { data.range(of: $0) != nil }.map { $0.map { String($0, radix: 16) }.joined() }
    }
}

extension FilePath {
    /// The records of places in a store.
    func places() throws -> [FilePath] {
        try FileManager.default.subpathsOfDirectory(atPath: string).sorted()
            .filter { $0.hasPrefix("records/place/") && $0.hasSuffix(".json") }.map { appending($0) }
    }
}
