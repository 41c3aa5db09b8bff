import Artefacts
import Foundation
import Linking
import SystemPackage
import TestSupport
import Testing

@Suite(.serialized) struct SearchTests {
    private let folder: TemporaryDirectory
    private let daemon: DaemonProcess
    private let amira: String
    private let worker: TestClient
    private let child: TestClient

    init() async throws {
        folder = try TemporaryDirectory()
        daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        worker = daemon.client
        amira = try await worker.addChild("Amira")
        child = worker.with(token: try await daemon.token(["--role", "child", "--child", amira]))
    }

    @Test func `an entry is found with its artefact and where the words are`() async throws {
        let added = try await add("You drew the café <by> the river.")
        _ = try await add("A day at school.")

        let found = try await worker.get("/v1/children/\(amira)/search?q=CAFE%20riv")

        #expect(found.status == 200)
        #expect(found.count("items") == 1)
        #expect(found["items.0.artefact.id"] == added["artefact.id"])
        #expect(found["items.0.id"] == added["entry.id"])
        #expect(found["items.0.contentHref"] != nil)
        #expect(
            (0..<5).map { found["items.0.snippet.\($0).text"] } == [
                "You drew the ", "café", " <by> the ", "river", ".",
            ])
        #expect((0..<5).map { found["items.0.snippet.\($0).isMatch"] } == ["0", "1", "0", "1", "0"])
        #expect(found.text.contains(#""next":null"#))
    }

    @Test func `a search finds what its reader may see, of the child that they may see`() async throws {
        let ben = try await worker.addChild("Ben")
        let system = worker.with(token: try await daemon.token(["--role", "system"]))
        _ = try await add("dog", query: "&visibility=workers")
        _ = try await child.add(
            try Samples.bytes("drawing.png"), named: "c.png", to: amira, query: "?caption=dog&visibility=child")
        _ = try await worker.add(try Samples.bytes("drawing.png"), named: "b.png", to: ben, query: "?caption=dog")
        let unknown = "01a20cdc-ce42-73e0-8d3c-a3ffcaa2260c"

        #expect(try await worker.get("/v1/children/\(amira)/search?q=dog").count("items") == 2)
        #expect(try await child.get("/v1/children/\(amira)/search?q=dog").count("items") == 1)
        #expect(try await system.get("/v1/children/\(amira)/search?q=dog").count("items") == 1)
        for path in [
            "/v1/children/\(ben)/search?q=dog", "/children/\(ben)/search?q=dog", "/v1/children/\(ben)/search?q=",
        ] {
            let hidden = try await child.get(path)
            let missing = try await child.get(path.replacing(ben, with: unknown))
            #expect(hidden.status == 404, "\(path)")
            #expect(missing.status == 404)
            #expect(hidden["detail"] == missing["detail"])
        }
        #expect(try await worker.with(token: nil).get("/v1/children/\(amira)/search?q=dog").status == 401)
    }

    @Test func `what is found is read page by page by its links`() async throws {
        for day in 1...5 { _ = try await add("dog \(day)", query: "&happenedAt=2026-01-0\(day)T10:00:00Z") }

        var path: String? = "/v1/children/\(amira)/search?q=DOG&limit=2"
        var captions: [String] = []
        while let next = path {
            let page = try await worker.get(next)
            captions += (0..<page.count("items")).compactMap { page["items.\($0).caption"] }
            path = page.headers["link"]?.firstMatch(of: /<([^>]+)>; rel="next"/).map { String($0.1) }
        }

        #expect(captions == (1...5).reversed().map { "dog \($0)" })
    }

    @Test(arguments: [
        "", "q=", "q=%20", "q=%22", "q=%F0%9F%90%95", "q=dog&limit=0", "q=dog&limit=201", "q=dog&cursor=xyz",
        "q=dog&colour=red", "q=" + String(repeating: "x", count: 201), "q=" + String(repeating: "x+", count: 17),
    ])
    func `a search that cannot be made is refused in plain words`(_ query: String) async throws {
        let answer = try await worker.get("/v1/children/\(amira)/search?\(query)")

        #expect(answer.status == 400)
        #expect(answer["type"] == "/problems/bad-request")
        #expect(answer["detail"]?.isEmpty == false)
    }

    @Test(arguments: [
        "\" OR 1", "caption:", "(", "*", "^dog AND NOT", "'; DROP TABLE entries; --", "\0a", "NEAR(a b, 2)",
    ])
    func `whatever is typed is looked for as it stands`(_ text: String) async throws {
        let encoded = try #require(text.addingPercentEncoding(withAllowedCharacters: .alphanumerics))

        let answer = try await worker.get("/v1/children/\(amira)/search?q=\(encoded)%20dog")

        #expect(answer.status == 200)
        #expect(answer.count("items") == 0)
    }

    @Test func `what was read in a file is found once it is known, and the page marks the words safely`() async throws {
        let added = try await worker.add(
            try Samples.bytes("letter.pdf"), named: "l.pdf", to: amira, query: "?caption=From%20grandma")
        _ = try await add("Our <dog> & cat")
        let artefact = try #require(added["artefact.id"].flatMap { ArtefactID(parsing: $0) })
        try await SQLiteCatalogue(path: daemon.storage.appending("index.sqlite").string).index(
            text: "The garden <script>alert(1)</script> is full of dogs.", of: artefact)

        let found = try await child.get("/v1/children/\(amira)/search?q=grandma%20garden")
        let page = try await child.get("/children/\(amira)/search?q=dog")
        let none = try await child.get("/children/\(amira)/search?q=%3Cb%3Ezebra")
        let bad = try await child.get("/children/\(amira)/search?q=...")
        let empty = try await child.get("/children/\(amira)/search?q=")
        let story = try await child.get("/children/\(amira)")

        #expect(found["items.0.artefact.id"] == added["artefact.id"])
        #expect(page.status == 200)
        #expect(page.text.contains("is full of <mark>dogs</mark>."))
        #expect(page.text.contains("Our &lt;<mark>dog</mark>&gt; &amp; cat"))
        #expect(!page.text.contains("<script>alert"))
        #expect(page.text.contains(#"value="dog""#))
        #expect(none.text.contains("Nothing in the story has all of these words"))
        #expect(none.text.contains(#"value="&lt;b&gt;zebra""#))
        #expect(bad.text.contains("at least one word"))
        #expect(empty.status == 303)
        #expect(story.text.contains(#"action="/children/\#(amira)/search""#))
    }

    @Test func `a search is in the journal, and its words are nowhere but in the answer`() async throws {
        _ = try await add("a secretive dog")
        _ = try await worker.get("/v1/children/\(amira)/search?q=secretive")
        _ = try await child.get("/children/\(amira)/search?q=secretive")
        daemon.stop(SIGTERM)

        let catalogue = try SQLiteCatalogue(path: daemon.storage.appending("index.sqlite").string)
        let records = try await catalogue.journal(after: 0, limit: 1000).map(\.event).filter { $0.act == .searched }

        #expect(records.map(\.subject) == [amira, amira])
        #expect(Set(records.map(\.actor)).count == 2)
        #expect(!daemon.log.contains("secretive"))
    }

    @Test(.timeLimit(.minutes(5)))
    func `captions are found after the index was made anew`() async throws {
        _ = try await add("You drew the café.")
        daemon.stop(SIGTERM)

        let rebuilt = try await Command.run(
            BuildProducts.path(of: "keepsake"),
            ["index", "rebuild", "--replace", "--storage", daemon.storage.string])
        let again = try await DaemonProcess(storage: daemon.storage)
        let found = try await again.client.get("/v1/children/\(amira)/search?q=cafe")

        #expect(rebuilt.status == 0, "\(rebuilt.errors)")
        #expect(found.count("items") == 1)
    }

    private func add(_ caption: String, query: String = "") async throws -> TestClient.Answer {
        let encoded = caption.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return try await worker.add(
            try Samples.bytes("drawing.png"), named: "d.png", to: amira, query: "?caption=\(encoded)\(query)")
    }
}
