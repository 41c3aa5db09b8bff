import Artefacts
import Foundation
import Linking
import SystemPackage
import TestSupport
import Testing

@Suite(.serialized) struct AccessTests {
    private let folder: TemporaryDirectory
    private let daemon: DaemonProcess
    private let amira: String
    private let ben: String
    private let worker: TestClient
    private let child: TestClient

    init() async throws {
        folder = try TemporaryDirectory()
        daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        worker = daemon.client
        amira = try await worker.addChild("Amira")
        ben = try await worker.addChild("Ben")
        child = worker.with(token: try await daemon.token(["--role", "child", "--child", amira]))
    }

    @Test func `without a good token there is nothing`() async throws {
        let expired = Secret.random(bytes: 32)
        let now = Date()
        try await SQLiteCatalogue(path: daemon.storage.appending("index.sqlite").string).add(
            Credential(
                secret: Digester.digest(of: expired.utf8), use: .api,
                principal: Principal(name: "w", role: .worker), createdAt: now.addingTimeInterval(-20),
                expiresAt: now.addingTimeInterval(-10)),
            journalling: JournalEvent(at: now, actor: "test", act: .tokenCreated, subject: "w", child: nil))
        for path in [
            "/v1/children", "/v1/children/\(amira)", "/v1/children/\(amira)/timeline", "/v1/artefacts/\(amira)",
            "/v1/artefacts/\(amira)/content", "/v1/uploads/\(String(repeating: "0", count: 32))",
        ] {
            for client in [worker.with(token: nil), worker.with(token: "wrong"), worker.with(token: expired)] {
                let answer = try await client.get(path)
                #expect(answer.status == 401, "\(path)")
                #expect(answer["type"] == "/problems/not-signed-in")
                #expect(answer.headers["www-authenticate"] == "Bearer")
            }
        }
    }

    @Test func `a child sees one story, and cannot tell whether there are others`() async throws {
        let own = try await child.add(Array("mine".utf8), named: "a.txt", to: amira)
        let foreign = try await worker.add(Array("his".utf8), named: "b.txt", to: ben)
        let foreignHref = try #require(foreign["artefact.href"])
        let unknown = "01a20cdc-ce42-73e0-8d3c-a3ffcaa2260c"

        #expect(own.status == 201)
        #expect(try await child.get("/v1/children/\(amira)/timeline").count("items") == 1)
        #expect(try await child.get(try #require(own["artefact.href"]) + "/content").text == "mine")
        for (foreign, unknown) in [
            ("/v1/children/\(ben)", "/v1/children/\(unknown)"),
            ("/v1/children/\(ben)/timeline", "/v1/children/\(unknown)/timeline"),
            (foreignHref, "/v1/artefacts/\(unknown)"), (foreignHref + "/content", "/v1/artefacts/\(unknown)/content"),
            ("/children/\(ben)", "/children/\(unknown)"),
        ] {
            let (hidden, missing) = (try await child.get(foreign), try await child.get(unknown))
            #expect(hidden.status == 404, "\(foreign)")
            #expect(missing.status == 404)
            #expect(hidden["detail"] == missing["detail"])
        }
        #expect(try await child.add([1], named: "x", to: ben).status == 404)
        #expect(try await child.begin(5, to: ben).status == 404)
        #expect(try await child.get("/v1/children").status == 403)
        #expect(try await child.send("POST", "/v1/children", body: Array(#"{"preferredName":"x"}"#.utf8)).status == 403)
    }

    @Test func `what is for workers is not shown to the child, and what is for the child to no system`() async throws {
        let system = worker.with(token: try await daemon.token(["--role", "system"]))
        let forWorkers = try await worker.add(
            Array("for workers".utf8), named: "w.txt", to: amira, query: "?visibility=workers")
        let forChild = try await child.add(
            Array("for the child".utf8), named: "c.txt", to: amira, query: "?visibility=child")
        let (workersHref, childHref) = (
            try #require(forWorkers["artefact.href"]), try #require(forChild["artefact.href"])
        )

        #expect(try await worker.get("/v1/children/\(amira)/timeline").count("items") == 2)
        #expect(try await child.get("/v1/children/\(amira)/timeline").count("items") == 1)
        #expect(try await system.get("/v1/children/\(amira)/timeline").count("items") == 1)
        #expect(try await child.get(workersHref + "/content").status == 404)
        #expect(try await system.get(childHref + "/content").status == 404)
        #expect(try await child.get(childHref + "/content").status == 200)
    }

    @Test func `a sign-in link works once, and only when its button is pressed`() async throws {
        let browser = worker.with(token: nil)
        let link = try #require(daemon.welcome.firstMatch(of: /sign-in\?token=([0-9a-f]+)/)?.1)
        let page = try await browser.get("/sign-in?token=\(link)")
        let form = Array("token=\(link)".utf8)

        let first = try await browser.send("POST", "/sign-in", body: form)
        let second = try await browser.send("POST", "/sign-in", body: form)
        let cookie = try #require(first.headers["set-cookie"])
        let session = String(try #require(cookie.split(separator: ";").first))
        let children = try await browser.get("/children", headers: ["Cookie": session])

        #expect(page.status == 200)
        #expect(first.status == 303)
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
        #expect(second.status == 403)
        #expect(children.status == 200)
        #expect(children.text.contains("Amira"))
    }

    @Test func `a session does nothing for another site's page`() async throws {
        let browser = worker.with(token: nil)
        let link = try #require(daemon.welcome.firstMatch(of: /sign-in\?token=([0-9a-f]+)/)?.1)
        let signedIn = try await browser.send("POST", "/sign-in", body: Array("token=\(link)".utf8))
        let session = String(try #require(signedIn.headers["set-cookie"]?.split(separator: ";").first))
        func add(_ headers: [String: String]) async throws -> Int {
            try await browser.send(
                "POST", "/children", headers: headers.merging(["Cookie": session]) { a, _ in a },
                body: Array("preferredName=Zoe".utf8)
            ).status
        }

        #expect(try await add([:]) == 403)
        #expect(try await add(["Origin": "https://evil.example"]) == 403)
        #expect(try await add(["Sec-Fetch-Site": "cross-site"]) == 403)
        #expect(try await add(["Origin": "http://127.0.0.1:\(daemon.port)"]) == 303)
        #expect(try await add(["Sec-Fetch-Site": "same-origin"]) == 303)
        let out = try await browser.send(
            "POST", "/sign-out", headers: ["Cookie": session, "Sec-Fetch-Site": "same-origin"])
        #expect(out.status == 303)
        #expect(try await browser.get("/v1/children", headers: ["Cookie": session]).status == 401)
    }

    @Test func `nothing of a child is in the log, and every reading is in the journal`() async throws {
        let added = try await worker.add(
            Array("secret words".utf8), named: "secret-name.txt", to: amira, query: "?caption=secret-caption")
        let href = try #require(added["artefact.href"])
        _ = try await child.get(href + "/content")
        _ = try await worker.get("/v1/children/\(amira)/timeline")
        daemon.stop(SIGTERM)

        for secret in ["secret", "Amira", worker.token ?? "?", child.token ?? "?"] {
            #expect(!daemon.log.contains(secret))
        }
        let acts = try await journal()
        for act in ["childAdded", "artefactLinked", "contentRead", "timelineSeen", "tokenCreated"] {
            #expect(acts.contains(act), "\(act) is in \(acts)")
        }
    }

    private func journal() async throws -> [String] {
        let catalogue = try SQLiteCatalogue(path: daemon.storage.appending("index.sqlite").string)
        return try await catalogue.journal(after: 0, limit: 1000).map(\.event.act.rawValue)
    }
}
