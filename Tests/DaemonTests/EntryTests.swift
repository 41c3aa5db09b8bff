import Artefacts
import Foundation
import Linking
import SystemPackage
import TestSupport
import Testing

/// What people write about entries, and correct.
@Suite(.serialized) struct EntryTests {
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

    @Test func `what is corrected is answered everywhere, what is not named stays, and null takes away`() async throws {
        let added = try await add("?caption=You%20spoke.&language=en&altText=A%20tree&voice=direct")
        let entry = try #require(added["entry.id"])

        let corrected = try await correct(
            entry, #"{"transcript":" Look,\r\nthe dog! ","language":"CY-gb","altText":null}"#)
        let read = try await worker.get(try #require(added["artefact.href"]))
        let timeline = try await worker.get("/v1/children/\(amira)/timeline")

        #expect(added["entry.language"] == "en")
        #expect(added["entry.altText"] == "A tree")
        #expect(corrected.status == 200, "\(corrected.text)")
        for (answer, path) in [(corrected, ""), (read, "entries.0."), (timeline, "items.0.")] {
            #expect(answer[path + "id"] == entry)
            #expect(answer[path + "caption"] == "You spoke.")
            #expect(answer[path + "transcript"] == "Look,\nthe dog!")
            #expect(answer[path + "language"] == "cy-GB")
            #expect(answer[path + "altText"] == nil)
            #expect(answer[path + "voice"] == "direct")
        }
    }

    @Test func `a date is corrected, and the one that was found comes back when that is taken away`() async throws {
        let added = try await add("")
        let entry = try #require(added["entry.id"])
        let found = try #require(added["entry.happened.at"])

        let dated = try await correct(entry, #"{"happenedAt":"2019-05-06T07:08:09.123+02:00"}"#)
        let back = try await correct(entry, #"{"happenedAt":null}"#)

        #expect(dated["happened.at"] == "2019-05-06T05:08:09.123Z")
        #expect(dated["happened.source"] == "person")
        #expect(back["happened.at"] == found)
        #expect(back["happened.source"] == added["artefact.captured.source"])
    }

    @Test func `a transcript is found, and what stood there before is not`() async throws {
        let entry = try #require(try await add("?caption=hello")["entry.id"])
        _ = try await correct(entry, #"{"transcript":"The elephant sings."}"#)
        let first = try await search("elephant")
        _ = try await correct(entry, #"{"transcript":"The giraffe sings.","altText":"A zoo"}"#)

        let (former, now, alt) = try await (search("elephant"), search("giraffe"), search("zoo"))
        let page = try await child.get("/children/\(amira)/search?q=giraffe")

        #expect(first["items.0.id"] == entry)
        #expect(first["items.0.foundIn"] == "transcript")
        #expect(first["items.0.transcript"] == "The elephant sings.")
        #expect(first["items.0.snippet.1.text"] == "elephant")
        #expect(former.count("items") == 0)
        #expect(now["items.0.foundIn"] == "transcript")
        #expect(alt["items.0.foundIn"] == "altText")
        #expect(page.text.contains("In what is said or written in it:"))
        #expect(page.text.contains("The <mark>giraffe</mark> sings."))
    }

    @Test(arguments: [
        (#"{"title":"x"}"#, "title"), (#"{"caption":1}"#, "caption"), (#"{"language":"English"}"#, "language"),
        (#"{"happenedAt":"yesterday"}"#, "happenedAt"), (#"{"visibility":"workers"}"#, "visibility"),
        (#"["caption"]"#, "JSON object"), ("{", "JSON object"),
        (#"{"caption":"\#(String(repeating: "x", count: 4097))"}"#, "caption"),
        (#"{"altText":"\#(String(repeating: "é", count: 2049))"}"#, "altText"),
        (#"{"transcript":"\#(String(repeating: "x", count: 65537))"}"#, "transcript"),
    ])
    func `what cannot be written is refused in plain words, and nothing of it is kept`(
        _ body: String, _ field: String
    ) async throws {
        let entry = try #require(try await add("?caption=hello")["entry.id"])

        let refused = try await correct(entry, body)
        let history = try await worker.get("/v1/entries/\(entry)/history")

        #expect(refused.status == 400)
        #expect(refused["type"] == "/problems/bad-request")
        #expect(refused["detail"]?.contains(field) == true, "\(refused.text)")
        #expect(history.count("items") == 1)
    }

    @Test func `the longest transcript is kept, and what is larger than a request may be is not read`() async throws {
        let entry = try #require(try await add("")["entry.id"])
        let longest = String(repeating: "na ", count: 21845) + "!"

        let kept = try await correct(entry, #"{"transcript":"\#(longest)"}"#)
        let tooLarge = try await correct(entry, #"{"transcript":"\#(String(repeating: longest, count: 5))"}"#)

        #expect(kept.status == 200)
        #expect(kept["transcript"] == longest)
        #expect(tooLarge.status == 413)
    }

    @Test func `the history tells who wrote what and when, the newest first`() async throws {
        let other = worker.with(token: try await daemon.token(["--role", "worker", "--name", "worker-two"]))
        let entry = try #require(try await add("?caption=first&language=en")["entry.id"])
        _ = try await correct(entry, #"{"caption":"second"}"#, by: other)
        _ = try await correct(entry, #"{"caption":"second"}"#)
        _ = try await correct(entry, #"{"caption":null}"#)

        let history = try await worker.get("/v1/entries/\(entry)/history")
        let items = (0..<4).map { "items.\($0)." }

        #expect(history.status == 200)
        #expect(history.count("items") == 4)
        #expect(items.map { history[$0 + "field"] } == ["caption", "caption", "language", "caption"])
        #expect(items.map { history[$0 + "text"] } == [nil, "second", "en", "first"])
        #expect(items.map { history[$0 + "who"] == "worker-two" } == [false, true, false, false])
        #expect(items.allSatisfy { Instant.parse(history[$0 + "at"] ?? "") != nil })
        #expect(history.text.contains(#""next":null"#))
    }

    @Test func `a child corrects what came with their own credential, also another one, and nothing else`() async throws
    {
        let ben = try await worker.addChild("Ben")
        let later = worker.with(token: try await daemon.token(["--role", "child", "--child", amira]))
        let other = worker.with(token: try await daemon.token(["--role", "child", "--child", ben]))
        let system = worker.with(token: try await daemon.token(["--role", "system"]))
        let own = try #require(
            try await child.add(try Samples.bytes("drawing.png"), named: "d.png", to: amira)["entry.id"])
        let workers = try #require(try await add("?caption=From%20work")["entry.id"])
        let hidden = try #require(try await add("?visibility=workers")["entry.id"])
        let body = #"{"caption":"mine"}"#

        for (client, entry, status) in [
            (child, own, 200), (later, own, 200), (worker, own, 200), (system, own, 403), (other, own, 404),
            (child, workers, 403), (child, hidden, 404), (system, hidden, 403), (worker.with(token: nil), own, 401),
            (worker, "01a20cdc-ce42-73e0-8d3c-a3ffcaa2260c", 404), (worker, "x", 404),
        ] {
            #expect(try await correct(entry, body, by: client).status == status, "\(entry)")
            #expect(try await client.get("/v1/entries/\(entry)/history").status == status, "\(entry)")
            let former = try await former(of: entry)
            let form = try await send("caption=mine&former=\(former)", to: entry, by: client)
            #expect(form.status == (status == 200 ? 303 : status), "\(entry)")
        }
        #expect(try await worker.get("/v1/entries/\(workers)/history")["items.0.text"] == "From work")
    }

    @Test func `what is done is in the journal, and no word of it is there or in a log`() async throws {
        let entry = try #require(try await add("?caption=secretive")["entry.id"])
        _ = try await correct(entry, #"{"caption":"confidential","transcript":"whispered","language":"cy"}"#)
        _ = try await worker.get("/v1/entries/\(entry)/history")
        daemon.stop(SIGTERM)

        let catalogue = try SQLiteCatalogue(path: daemon.storage.appending("index.sqlite").string)
        let events = try await catalogue.journal(after: 0, limit: 1000).map(\.event)
        let corrected = events.filter { $0.act == .corrected }
        let broken = try await catalogue.firstBrokenJournalRecord()

        #expect(corrected.map(\.subject) == ["caption", "transcript", "language"].map { "\(entry)/\($0)" })
        #expect(corrected.allSatisfy { $0.child?.description == amira })
        #expect(events.filter { $0.act == .historySeen }.map(\.subject) == [entry])
        #expect(broken == nil)
        for word in ["secretive", "confidential", "whispered"] {
            #expect(!"\(events)".contains(word))
            #expect(!daemon.log.contains(word))
        }
    }

    @Test func `the page shows what was written, safely and in its language, and has a form to write it`() async throws
    {
        let drawing = try #require(try await add("?caption=Our%20house&altText=A%20%3Cred%3E%20roof")["entry.id"])
        let voice = try #require(
            try await worker.add(try Samples.bytes("voice.m4a"), named: "v.m4a", to: amira)["entry.id"])
        let fields = "happenedAt=&caption=&altText=&transcript=%3Cb%3EMae%27r+ci%0D%0Ayn+canu&language=cy"

        let former = try await former(of: voice)
        let sent = try await send(fields + "&former=\(former)", to: voice)
        let late = try await send("caption=late&former=\(former)", to: voice)
        let strange = try await send(fields + "&colour=red", to: voice)
        let history = try await worker.get("/v1/entries/\(voice)/history")
        let page = try await worker.get("/children/\(amira)").text
        let (own, foreign) = try await (
            child.get("/children/\(amira)").text, worker.with(token: nil).get("/children/\(amira)").status
        )

        #expect(sent.status == 303)
        #expect(sent.headers["location"] == "/children/\(amira)#\(voice)")
        #expect(late.status == 409)
        #expect(late["type"] == "/problems/written-meanwhile")
        #expect(strange.status == 400)
        #expect((0..<2).map { history["items.\($0).field"] } == ["language", "transcript"])
        #expect(history.count("items") == 2)
        #expect(page.contains("What is said in it</summary>"))
        #expect(page.contains(#"lang="cy">&lt;b&gt;Mae&#39;r ci"#))
        #expect(!page.contains("<b>Mae"))
        #expect(page.contains(#"action="/entries/\#(drawing)""#))
        #expect(page.contains(">A &lt;red&gt; roof</textarea>"))
        #expect(own.contains("What is said in it</summary>"))
        #expect(!own.contains(#"action="/entries/"#))
        #expect(foreign == 401)
    }

    @Test func `a form dates an entry, and leaves the date alone where nobody gives one`() async throws {
        let entry = try #require(try await add("")["entry.id"])

        _ = try await send("happenedAt=2019-07-06T07:08&former=\(try await former(of: entry))", to: entry)
        let dated = try await correct(entry, "{}")
        _ = try await send("happenedAt=&caption=x&former=\(try await former(of: entry))", to: entry)
        let after = try await correct(entry, "{}")

        #expect(dated["happened.at"] == "2019-07-06T06:08:00Z")
        #expect(after["happened.at"] == "2019-07-06T06:08:00Z")
        #expect(after["caption"] == "x")
    }

    @Test func `a picture is described by the words that were written for that, in their language`() async throws {
        let daemon = try await DaemonProcess(
            storage: folder.path.appending("with-pictures"), environment: DaemonProcess.withRenderer)
        let child = try await daemon.client.addChild("Amira")
        for (name, query) in [
            ("drawing.png", "?caption=Our%20house&altText=To%20%3Ccoch%3E&language=cy"), ("photo.jpg", "?language=cy"),
            ("formats/painting.procreate", "?caption=Our%20garden"), ("letter.pdf", "?caption=A%20letter"),
        ] {
            _ = try await daemon.client.add(try Samples.bytes(name), named: name, to: child, query: query)
        }
        try await daemon.jobsAreDone()

        let page = try await daemon.client.get("/children/\(child)").text

        #expect(page.contains(#"alt="To &lt;coch&gt;" lang="cy""#))
        #expect(page.contains(#"alt="Photo: photo.jpg" width"#))
        #expect(page.contains(#"alt="Our garden""#))
        #expect(page.contains(#"alt="The first page of letter.pdf""#))
    }

    private func add(_ query: String) async throws -> TestClient.Answer {
        try await worker.add(try Samples.bytes("drawing.png"), named: "d.png", to: amira, query: query)
    }

    private func correct(_ entry: String, _ body: String, by client: TestClient? = nil) async throws
        -> TestClient.Answer
    {
        try await (client ?? worker).send(
            "PATCH", "/v1/entries/\(entry)", headers: ["Content-Type": "application/merge-patch+json"],
            body: Array(body.utf8))
    }

    private func send(_ form: String, to entry: String, by client: TestClient? = nil) async throws
        -> TestClient.Answer
    {
        try await (client ?? worker).send(
            "POST", "/entries/\(entry)", headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: Array(form.utf8))
    }

    /// What the form of an entry says of the words that it shows; nothing where there is no form.
    private func former(of entry: String) async throws -> String {
        let page = try await worker.get("/children/\(amira)").text
        let form = page.split(separator: "action=\"/entries/\(entry)\"").dropFirst().first
        return form?.firstMatch(of: /name="former" value="([0-9a-f]+)"/).map { String($0.1) } ?? ""
    }

    private func search(_ words: String) async throws -> TestClient.Answer {
        try await worker.get("/v1/children/\(amira)/search?q=\(words)")
    }
}
