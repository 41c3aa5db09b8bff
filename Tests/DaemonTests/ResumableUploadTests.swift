import Foundation
import SystemPackage
import TestSupport
import Testing

/// Resumable Uploads for HTTP, the draft of the IETF, in each version that is spoken.
@Suite(.serialized) struct ResumableUploadTests {
    private static let versions = [6, 7, 8, 9, 10]

    private let folder: TemporaryDirectory
    private let daemon: DaemonProcess
    private let child: String
    private var client: TestClient { daemon.client }

    init() async throws {
        folder = try TemporaryDirectory()
        daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        child = try await daemon.client.addChild()
    }

    // MARK: Discovery

    @Test func `what may be sent is said without a credential`() async throws {
        let answer = try await client.with(token: nil).send("OPTIONS", "/v1/children/\(child)/artefacts")

        #expect(answer.status == 204)
        #expect(answer.headers["upload-limit"] == "max-size=21474836480, min-size=0")
    }

    // MARK: Creation

    @Test(arguments: versions)
    func `where to go on is said before the bytes are there, and the last answer is the file’s`(
        _ version: Int
    ) async throws {
        let connection = try post("?1", "Upload-Draft-Interop-Version: \(version)\r\nContent-Length: 16\r\n")
        let interim = connection.receive(until: "\r\n\r\n")
        connection.send("once upon a time")
        let final = connection.receive(until: "\"entry\"")

        #expect(interim.hasPrefix("HTTP/1.1 104 Upload Resumption Supported\r\n"))
        #expect(Self.field("location", interim)?.hasPrefix("http://127.0.0.1:\(daemon.port)/v1/uploads/") == true)
        #expect(Self.field("upload-draft-interop-version", interim) == String(version))
        #expect(Self.field("upload-limit", interim)?.contains(version <= 6 ? "expires=" : "max-age=") == true)
        #expect(final.hasPrefix("HTTP/1.1 201"))
        #expect(Self.field("upload-complete", final) == "?1")
        #expect(Self.field("location", final)?.hasPrefix("/v1/artefacts/") == true)
        #expect(Self.field("repr-digest", final)?.hasPrefix("sha-256=:") == true)
    }

    @Test(arguments: [nil, "5", "11", "?1", "6.0"])
    func `without a version that is spoken there are no interim answers`(_ version: String?) async throws {
        let more = version.map { "Upload-Draft-Interop-Version: \($0)\r\n" } ?? ""
        let connection = try post("?1", more + "Content-Length: 4\r\n")
        connection.send("word")
        let answer = connection.receive(until: "\"entry\"")

        #expect(answer.hasPrefix("HTTP/1.1 201"))
        #expect(Self.field("upload-complete", answer) == "?1")
    }

    @Test(arguments: versions)
    func `a file in parts, the first with the creation`(_ version: Int) async throws {
        let begun = try await create("?0", version, "once ", ["Upload-Length": "16"])
        let url = try #require(begun.headers["location"])
        let middle = try await append(url, "?0", version, at: 5, "upon a ")
        let head = try await client.send("HEAD", url, headers: interop(version))
        let last = try await append(url, "?1", version, at: 12, "time")
        let content = try await client.get("\(try #require(last["artefact.href"]))/content")

        #expect(begun.status == 201)
        #expect(begun.headers["upload-complete"] == "?0")
        #expect(begun.headers["upload-offset"] == "5")
        #expect(begun.headers["upload-limit"] != nil)
        #expect(middle.status == (version <= 6 ? 201 : 204))
        #expect(middle.headers["upload-complete"] == "?0")
        #expect(middle.headers["upload-offset"] == "12")
        #expect(head.status == 204)
        #expect(head.headers["upload-offset"] == "12")
        #expect(head.headers["upload-complete"] == "?0")
        #expect(head.headers["upload-length"] == "16")
        #expect(head.headers["upload-limit"] != nil)
        #expect(head.headers["cache-control"] == "no-store")
        #expect(last.status == 201)
        #expect(last.headers["upload-complete"] == "?1")
        #expect(content.text == "once upon a time")
    }

    @Test(arguments: versions)
    func `a careful client learns the address first, and an empty last part ends the file`(_ version: Int) async throws
    {
        let begun = try await create("?0", version, "", [:])
        let url = try #require(begun.headers["location"])
        let middle = try await append(url, "?0", version, at: 0, "word")
        let last = try await append(url, "?1", version, at: 4, "")

        #expect(begun.headers["upload-offset"] == "0")
        #expect(middle.headers["upload-offset"] == "4")
        #expect(last.status == 201)
        #expect(last.headers["upload-complete"] == "?1")
    }

    @Test func `a name, a type and the fields of the entry come as with any file`() async throws {
        let answer = try await client.send(
            "POST", "/v1/children/\(child)/artefacts?caption=You%20ran&voice=direct",
            headers: interop(8).merging([
                "Upload-Complete": "?0", "Content-Type": "text/plain",
                "Content-Disposition": "inline; filename*=UTF-8''run.txt",
            ]) { $1 }, body: Array("fa".utf8))
        let last = try await append(try #require(answer.headers["location"]), "?1", 8, at: 2, "st")

        #expect(last["entry.caption"] == "You ran")
        #expect(last["entry.voice"] == "direct")
        #expect(last["artefact.fileName"] == "run.txt")
        #expect(last["artefact.declaredMimeType"] == "text/plain")
    }

    @Test(.timeLimit(.minutes(5)))
    func `a connection that breaks in the middle keeps what came, and is gone on with`() async throws {
        let connection = try post("?1", "Upload-Draft-Interop-Version: 10\r\nContent-Length: 1000000\r\n")
        let interim = connection.receive(until: "\r\n\r\n")
        let url = try #require(Self.field("location", interim))
        connection.send([UInt8](repeating: 7, count: 300_000))
        connection.close()

        var offset = 0
        while offset < 300_000 { offset = try await client.get(url)["offset"].flatMap { Int($0) } ?? 0 }
        let last = try await append(url, "?1", 10, at: offset, String(repeating: "\u{7}", count: 1_000_000 - offset))

        #expect(offset == 300_000)
        #expect(last.status == 201)
        #expect(last["artefact.size"] == "1000000")
    }

    @Test(.timeLimit(.minutes(5)))
    func `while much is sent, it is said how much of it is safe`() async throws {
        let size = 80 << 20
        let connection = try post("?1", "Upload-Draft-Interop-Version: 6\r\nContent-Length: \(size)\r\n")
        for _ in 0..<80 { connection.send([UInt8](repeating: 7, count: 1 << 20)) }
        let answers = connection.receive(until: "\"entry\"", seconds: 60)
        let offsets = answers.split(separator: "HTTP/1.1 104").compactMap { Self.field("upload-offset", String($0)) }

        #expect(offsets.count >= 2)
        #expect(answers.contains("HTTP/1.1 201"))
    }

    @Test(arguments: [
        ("?1", 422, "?1", 0), ("?0", 201, "?0", 0),
    ])
    func `an empty body is a file that is refused, or the beginning of one`(
        _ complete: String, _ status: Int, _ answered: String, _ size: Int
    ) async throws {
        let answer = try await create(complete, 10, "", [:])

        #expect(answer.status == status)
        #expect(answer.headers["upload-complete"] == answered)
    }

    @Test func `a file that is too large is refused at once, with what may be sent`() async throws {
        let answer = try await create("?0", 10, "", ["Upload-Length": "21474836481"])

        #expect(answer.status == 413)
        #expect(answer.headers["upload-limit"] == "max-size=21474836480, min-size=0")
        #expect(answer.headers["location"] == nil)
    }

    @Test func `a program is refused, and its upload is gone`() async throws {
        let begun = try await create("?0", 10, "#!/bin/sh\n", ["Content-Disposition": "inline; filename=a.sh"])
        let url = try #require(begun.headers["location"])
        let last = try await append(url, "?1", 10, at: 10, "rm -rf /")
        let head = try await client.send("HEAD", url, headers: interop(10))
        let again = try await append(url, "?1", 10, at: 18, "")

        #expect(last.status == 422)
        #expect(last.headers["upload-complete"] == "?1")
        #expect(head.status == 410)
        #expect(again.status == 422)
        #expect(again.headers["upload-complete"] == "?1")
    }

    // MARK: Appending

    @Test(arguments: versions)
    func `a wrong offset is answered with the right one`(_ version: Int) async throws {
        let url = try #require(try await create("?0", version, "once ", [:]).headers["location"])
        let answer = try await append(url, "?0", version, at: 3, "upon")

        #expect(answer.status == 409)
        #expect(answer.headers["upload-offset"] == "5")
        #expect(answer.headers["upload-complete"] == "?0")
        #expect(answer["type"] == "https://iana.org/assignments/http-problem-types#mismatching-upload-offset")
        #expect(answer["expected-offset"] == "5")
        #expect(answer["provided-offset"] == "3")
    }

    @Test func `what is not well said is refused, each with its status, and says where the upload stands`() async throws
    {
        let url = try #require(try await create("?0", 10, "once ", [:]).headers["location"])
        let right = [
            "Upload-Draft-Interop-Version": "10", "Upload-Complete": "?0", "Upload-Offset": "5",
            "Content-Type": "application/partial-upload",
        ]
        func patch(_ changes: [String: String?]) async throws -> (Int, String?, String?) {
            var headers = right
            for (name, value) in changes { headers[name] = value }
            let answer = try await client.send("PATCH", url, headers: headers, body: Array("upon".utf8))
            return (answer.status, answer.headers["upload-complete"], answer.headers["upload-offset"])
        }

        #expect(try await patch(["Content-Type": "text/plain"]) == (415, "?0", "5"))
        #expect(try await patch(["Content-Type": "application/offset+octet-stream"]) == (415, "?0", "5"))
        #expect(try await patch(["Upload-Offset": nil]) == (400, "?0", "5"))
        #expect(try await patch(["Upload-Offset": "\"5\""]) == (400, "?0", "5"))
        #expect(try await patch(["Upload-Offset": "-5"]) == (400, "?0", "5"))
        #expect(try await patch(["Upload-Complete": nil]) == (400, "?0", "5"))
        #expect(try await patch(["Upload-Complete": "1"]) == (400, "?0", "5"))
        #expect(try await client.send("HEAD", url).headers["upload-offset"] == "5")
    }

    @Test func `an upload that was begun by one protocol is not gone on with by the other`() async throws {
        let ours = try #require(try await create("?0", 10, "once ", [:]).headers["location"])
        let theirs = try #require(try await client.begin(9, to: child).headers["location"])
        let byTus = try await client.patch("/uploads/\(ours.suffix(32))", at: 5, [1])
        let byHTTP = try await append("/v1/uploads/\(theirs.suffix(32))", "?0", 10, at: 0, "x")

        #expect(byTus.status == 400)
        #expect(byTus["type"] == "/problems/other-protocol")
        #expect(byHTTP.status == 400)
    }

    // MARK: Length

    @Test func `two lengths are refused, in one request and in several`() async throws {
        let atOnce = try await create("?1", 10, "once", ["Upload-Length": "5"])
        let url = try #require(try await create("?0", 10, "once ", ["Upload-Length": "9"]).headers["location"])
        let later = try await append(url, "?0", 10, at: 5, "up", ["Upload-Length": "10"])
        let tooEarly = try await append(url, "?1", 10, at: 5, "up")
        let right = try await append(url, "?1", 10, at: 5, "upon")

        for answer in [atOnce, later, tooEarly] {
            #expect(answer.status == 400)
            #expect(answer.headers["upload-complete"] == "?0")
            #expect(answer["type"] == "https://iana.org/assignments/http-problem-types#inconsistent-upload-length")
        }
        #expect(right.status == 201)
    }

    @Test func `more than was announced is refused, and the upload is gone`() async throws {
        let url = try #require(try await create("?0", 10, "once ", ["Upload-Length": "9"]).headers["location"])
        let beyond = try await append(url, "?0", 10, at: 5, "upon a time")
        let after = try await append(url, "?1", 10, at: 5, "upon")

        #expect(beyond.status == 400)
        #expect(after.status == 404)
    }

    @Test func `as many bytes as were announced are not the end before that is said`() async throws {
        let url = try #require(try await create("?0", 10, "word", ["Upload-Length": "4"]).headers["location"])
        let before = try await client.get("/v1/children/\(child)/timeline")
        let last = try await append(url, "?1", 10, at: 4, "")

        #expect(before.count("items") == 0)
        #expect(last.status == 201)
    }

    // MARK: The end

    @Test(arguments: versions)
    func `the last answer is given again to whoever lost it`(_ version: Int) async throws {
        let url = try #require(try await create("?0", version, "wo", [:]).headers["location"])
        let last = try await append(url, "?1", version, at: 2, "rd")
        let head = try await client.send("HEAD", url, headers: interop(version))
        let again = try await append(url, "?1", version, at: 4, "")
        let more = try await append(url, "?1", version, at: 4, "s")

        #expect(head.headers["upload-offset"] == "4")
        #expect(head.headers["upload-complete"] == "?1")
        #expect(again.status == 201)
        #expect(again.headers["upload-complete"] == "?1")
        #expect(again["artefact.id"] == last["artefact.id"])
        #expect(more.status == (version <= 8 ? 400 : 409))
        #expect(more.headers["upload-complete"] == "?0")
        #expect(try await client.get("/v1/children/\(child)/timeline").count("items") == 1)
    }

    @Test(arguments: versions)
    func `a cancelled upload is gone`(_ version: Int) async throws {
        let url = try #require(try await create("?0", version, "wo", [:]).headers["location"])
        let cancelled = try await client.send("DELETE", url, headers: interop(version))
        let head = try await client.send("HEAD", url, headers: interop(version))
        let more = try await append(url, "?1", version, at: 2, "rd")

        #expect(cancelled.status == 204)
        #expect(head.status == 404)
        #expect(more.status == 404)
    }

    @Test func `version 6 keeps its stricter rules`() async throws {
        let url = try #require(try await create("?0", 6, "wo", [:]).headers["location"])
        for name in ["Upload-Offset", "Upload-Complete", "Upload-Length"] {
            let value = name == "Upload-Complete" ? "?0" : "2"
            let head = try await client.send("HEAD", url, headers: interop(6).merging([name: value]) { $1 })
            #expect(head.status == 400)
            if name != "Upload-Length" {
                let delete = try await client.send("DELETE", url, headers: interop(6).merging([name: value]) { $1 })
                #expect(delete.status == 400)
            }
        }
        // Without Upload-Complete a part is the last.
        let last = try await client.send(
            "PATCH", url,
            headers: interop(6).merging(["Upload-Offset": "2", "Content-Type": "application/partial-upload"]) { $1 },
            body: Array("rd".utf8))

        #expect(last.status == 201)
        #expect(last.headers["upload-complete"] == "?1")
    }

    @Test func `an upload belongs to whoever began it`() async throws {
        let url = try #require(try await create("?0", 10, "wo", [:]).headers["location"])
        let other = client.with(token: try await daemon.token(["--role", "worker"]))

        #expect(try await other.send("HEAD", url).status == 404)
        #expect(try await other.send("DELETE", url).status == 404)
        #expect(try await other.get(url).status == 404)
        #expect(try await client.send("HEAD", url).status == 204)
    }

    // MARK: Digests

    /// Source: SHA-256 and SHA-512 of `once upon a time`, by `openssl dgst`.
    @Test(arguments: [
        ("sha-256=:cc/m2v9nCw7bO20Jf8hl6qkrVH/qY9l6q/uVYG6DoFM=:", 201),
        ("sha-256=:AAAAAv9nCw7bO20Jf8hl6qkrVH/qY9l6q/uVYG6DoFM=:", 422),
        ("sha-256=cc/m2v9nCw7bO20Jf8hl6qkrVH/qY9l6q/uVYG6DoFM=", 400),
        ("unixsum=:AAA=:", 201),
    ])
    func `a file that is not what its digest says is not kept`(_ digest: String, _ status: Int) async throws {
        let plain = try await client.send(
            "POST", "/v1/children/\(child)/artefacts", headers: ["Repr-Digest": digest],
            body: Array("once upon a time".utf8))
        let begun = try await create("?0", 10, "once ", ["Repr-Digest": digest])
        let last = try await begun.headers["location"].asyncMap { try await append($0, "?1", 10, at: 5, "upon a time") }

        #expect(plain.status == status)
        #expect((last ?? begun).status == status)
        if status == 422 { #expect(last?.headers["upload-complete"] == "?1") }
    }

    @Test func `a part that is not what its digest says is not kept`() async throws {
        let url = try #require(try await create("?0", 10, "once ", [:]).headers["location"])
        let wrong = try await append(
            url, "?1", 10, at: 5, "upon a time",
            ["Content-Digest": "sha-256=:cc/m2v9nCw7bO20Jf8hl6qkrVH/qY9l6q/uVYG6DoFM=:"])
        let right = try await append(
            url, "?1", 10, at: 5, "upon a time",
            ["Content-Digest": "sha-256=:4JMk5j1l9eSOg9VgGWZUIPf2xw8lUsZAXcPlDydjSd0=:"])

        #expect(wrong.status == 400)
        #expect(wrong.headers["upload-complete"] == "?0")
        #expect(wrong.headers["upload-offset"] == "5")
        #expect(right.status == 201)
    }

    @Test func `a file that is coded for its way is not taken for what it is not`() async throws {
        let answer = try await client.send(
            "POST", "/v1/children/\(child)/artefacts", headers: ["Content-Encoding": "gzip"],
            body: Array("word".utf8))

        #expect(answer.status == 415)
        #expect(answer.headers["accept-encoding"] == "identity")
    }

    // MARK: Helpers

    private func interop(_ version: Int) -> [String: String] { ["Upload-Draft-Interop-Version": String(version)] }

    /// Begins an upload by a client that takes no interim answers for the last one.
    private func create(
        _ complete: String, _ version: Int, _ text: String, _ more: [String: String]
    ) async throws -> TestClient.Answer {
        try await client.send(
            "POST", "/v1/children/\(child)/artefacts",
            headers: interop(version).merging(["Upload-Complete": complete]) { $1 }.merging(more) { $1 },
            body: Array(text.utf8))
    }

    private func append(
        _ url: String, _ complete: String, _ version: Int, at offset: Int, _ text: String,
        _ more: [String: String] = [:]
    ) async throws -> TestClient.Answer {
        try await client.send(
            "PATCH", url,
            headers: interop(version).merging([
                "Upload-Complete": complete, "Upload-Offset": String(offset),
                "Content-Type": "application/partial-upload",
            ]) { $1 }.merging(more) { $1 }, body: Array(text.utf8))
    }

    /// Sends the head of a creation over a bare socket.
    private func post(_ complete: String, _ more: String) throws -> RawConnection {
        let connection = try RawConnection(port: daemon.port)
        connection.send(
            "POST /v1/children/\(child)/artefacts HTTP/1.1\r\nHost: 127.0.0.1:\(daemon.port)\r\n"
                + "Authorization: Bearer \(client.token ?? "")\r\nUpload-Complete: \(complete)\r\n\(more)\r\n")
        return connection
    }

    private static func field(_ name: String, _ head: String) -> String? {
        head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name + ": ") }
            .map { String($0.dropFirst(name.count + 2)) }
    }
}

extension Optional {
    fileprivate func asyncMap<Value>(_ work: (Wrapped) async throws -> Value) async rethrows -> Value? {
        guard let self else { return nil }
        return try await work(self)
    }
}
