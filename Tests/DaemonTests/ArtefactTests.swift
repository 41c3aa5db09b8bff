import Artefacts
import Foundation
import Linking
import SystemPackage
import TestSupport
import Testing

@Suite(.serialized) struct ArtefactTests {
    private let folder: TemporaryDirectory
    private let daemon: DaemonProcess
    private let child: String
    private var client: TestClient { daemon.client }

    init() async throws {
        folder = try TemporaryDirectory()
        daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        child = try await daemon.client.addChild()
    }

    @Test(arguments: [
        "photo.jpg", "drawing.png", "photo.heic", "video.mp4", "clip.mov", "clip.webm", "clip.3gp", "voice.m4a",
        "voice.mp3", "voice.wav", "voice.opus", "voice.amr", "letter.pdf", "letter.docx", "letter.txt",
    ])
    func `each family comes back byte for byte, with its digest`(_ name: String) async throws {
        let bytes = try Samples.bytes(name)
        let added = try await client.add(bytes, named: name, to: child)
        let href = try #require(added["artefact.href"])
        // On a machine that has much to do, the answer comes before it was inspected.
        let shown = try await client.settled(href)

        let content = try await client.get(href + "/content")
        let head = try await client.send("HEAD", href + "/content")

        #expect(added.status == 201)
        #expect(shown["state"] == "kept")
        #expect(added.headers["location"] == href)
        #expect(content.status == 200)
        #expect(content.body == bytes)
        #expect(content.headers["content-type"]?.hasPrefix(try #require(shown["mimeType"])) == true)
        #expect(content.headers["etag"] == added["artefact.digest"].map { "\"\($0)\"" })
        #expect(content.headers["repr-digest"] == added.headers["repr-digest"])
        #expect(content.headers["x-content-type-options"] == "nosniff")
        #expect(content.headers["content-security-policy"] == "sandbox; default-src 'none'")
        #expect(content.headers["cross-origin-resource-policy"] == "same-origin")
        #expect(content.headers["referrer-policy"] == "no-referrer")
        #expect(head.headers["content-length"] == String(bytes.count))
        #expect(head.body.isEmpty)
    }

    @Test func `parts are read as RFC 9110 has it`() async throws {
        let bytes = try Samples.bytes("video.mp4")
        let href = try #require(try await client.add(bytes, named: "v.mp4", to: child)["artefact.href"]) + "/content"
        let tag = try #require(try await client.send("HEAD", href).headers["etag"])

        let middle = try await client.get(href, headers: ["Range": "bytes=1000-1999"])
        let last = try await client.get(href, headers: ["Range": "bytes=-5"])
        let beyond = try await client.get(href, headers: ["Range": "bytes=99999999-"])
        let same = try await client.get(href, headers: ["Range": "bytes=0-3", "If-Range": tag])
        let changed = try await client.get(href, headers: ["Range": "bytes=0-3", "If-Range": "\"other\""])
        let known = try await client.get(href, headers: ["If-None-Match": "\"x\", \(tag)"])
        let unmatched = try await client.get(href, headers: ["If-Match": "\"x\""])

        #expect(middle.status == 206)
        #expect(middle.body == Array(bytes[1000..<2000]))
        #expect(middle.headers["content-range"] == "bytes 1000-1999/\(bytes.count)")
        #expect(last.body == Array(bytes.suffix(5)))
        #expect(beyond.status == 416)
        #expect(beyond.headers["content-range"] == "bytes */\(bytes.count)")
        #expect(same.status == 206)
        #expect(changed.status == 200)
        #expect(known.status == 304)
        #expect(known.body.isEmpty)
        #expect(unmatched.status == 412)
    }

    @Test func `a file that is cut short is held with the reason, and not given out`() async throws {
        let added = try await client.add(try Samples.bytes("cut-short.jpg"), named: "p.jpg", to: child)
        let href = try #require(added["artefact.href"])

        let content = try await client.get(href + "/content")
        let shown = try await client.get(href)

        #expect(added.status == 201)
        #expect(added["artefact.state"] == "held")
        #expect(added["artefact.reasons.0"]?.contains("cut short") == true)
        #expect(content.status == 409)
        #expect(shown["state"] == "held")
    }

    @Test func `a worker lets a held file be saved, and holds it back again; a child does not`() async throws {
        let added = try await client.add(try Samples.bytes("cut-short.jpg"), named: "photo.jpg", to: child)
        let href = try #require(added["artefact.href"])
        let token = try await Command.run(
            BuildProducts.path(of: "keepsake"),
            ["token", "create", "--role", "child", "--child", child, "--storage", daemon.storage.string]
        ).output.filter { !$0.isWhitespace }

        let page = try await client.get("/children/\(child)")
        let forbidden = try await client.with(token: token).send("POST", href + "/release")
        let released = try await client.send("POST", href + "/release")
        let twice = try await client.send("POST", href + "/release")
        let content = try await client.get(href + "/content")
        let held = try await client.send("POST", href.dropFirst(3) + "/hold")
        let gone = try await client.get(href + "/content")

        #expect(page.text.contains("Let it be seen"))
        #expect(forbidden.status == 403)
        #expect(released.status == 200)
        #expect(released["state"] == "kept")
        #expect(twice.status == 409)
        #expect(content.status == 200)
        #expect(content.headers["content-disposition"]?.hasPrefix("attachment") == true)
        #expect(held.status == 303)
        #expect(gone.status == 409)
    }

    @Test func `an empty file and a program are refused with a sentence`() async throws {
        let empty = try await client.add([], named: "empty.jpg", to: child)
        let program = try await client.add(try Samples.bytes("holiday.jpg"), named: "holiday.jpg", to: child)

        #expect(empty.status == 422)
        #expect(empty["type"] == "/problems/empty-file")
        #expect(program.status == 422)
        #expect(program["detail"]?.contains("is a program") == true)
        #expect(program.headers["content-type"] == "application/problem+json")
    }

    @Test func `the same bytes are stored once, and nobody can tell`() async throws {
        let bytes = try Samples.bytes("drawing.png")
        let other = try await client.addChild("Ben")

        let first = try await client.add(bytes, named: "a.png", to: child)
        let second = try await client.add(bytes, named: "b.png", to: other)
        let blobs = FileManager.default.enumerator(atPath: daemon.storage.appending("blobs").string)?
            .compactMap { $0 as? String }.filter { $0.split(separator: "/").count == 4 }

        #expect(first.status == second.status)
        #expect(first["artefact.id"] != second["artefact.id"])
        #expect(blobs?.count == 1)
    }

    @Test(arguments: [
        ("../../etc/passwd", "passwd"), ("a\u{0}b.txt", "ab.txt"), ("evil\u{202E}gnp.exe.txt", "evilgnp.exe.txt"),
        (String(repeating: "é", count: 150) + ".txt", String(repeating: "é", count: 125) + ".txt"),
    ])
    func `a file's name is never a path, and is shown safely`(_ sent: String, _ kept: String) async throws {
        let added = try await client.add(Array("words".utf8), named: sent, to: child)

        #expect(added.status == 201)
        #expect(added["artefact.fileName"] == kept)
    }

    @Test func `a form with several files adds each with the form's words`() async throws {
        let (type, body) = try Self.form(["drawing.png", "voice.m4a"])
        let path = "/v1/children/\(child)/artefacts"

        let whole = try await client.send("POST", path, headers: type, body: body)
        let cut = try await client.send("POST", path, headers: type, body: body.dropLast(10))
        let content = try await client.get(try #require(whole["items.1.artefact.href"]) + "/content")
        let timeline = try await client.get("/v1/children/\(child)/timeline?order=oldest")

        #expect(whole.status == 201)
        #expect(whole.count("items") == 2)
        #expect(content.body == (try Samples.bytes("voice.m4a")))
        #expect(cut.status == 400)
        #expect(timeline.count("items") == 2)
        #expect(timeline["items.0.caption"] == "You made these.")
    }

    @Test func `a form on a page says of each file that was not taken why`() async throws {
        let (type, body) = try Self.form(["drawing.png", "holiday.jpg", "empty.jpg"])
        let headers = type.merging(["Accept": "text/html"]) { $1 }

        let answer = try await client.send("POST", "/children/\(child)/artefacts", headers: headers, body: body)
        let timeline = try await client.get("/v1/children/\(child)/timeline")
        let page = String(decoding: answer.body, as: UTF8.self)

        #expect(answer.status == 422)
        #expect(page.contains("“holiday.jpg” was not taken. This file is a program"))
        #expect(page.contains("“empty.jpg” was not taken. The file is empty"))
        #expect(page.contains("The other file was added to the story"))
        #expect(timeline.count("items") == 1)
    }

    /// A form with these samples, as a browser sends it, and its content type.
    private static func form(_ names: [String]) throws -> (type: [String: String], body: [UInt8]) {
        let edge = "x-edge-x"
        var body: [UInt8] = []
        for name in names {
            body += Array(
                "--\(edge)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n".utf8)
            body += try Samples.bytes(name) + Array("\r\n".utf8)
        }
        body += Array("--\(edge)\r\nContent-Disposition: form-data; name=\"caption\"\r\n\r\nYou made these.\r\n".utf8)
        body += Array("--\(edge)\r\nContent-Disposition: form-data; name=\"voice\"\r\n\r\n\r\n--\(edge)--\r\n".utf8)
        return (["Content-Type": "multipart/form-data; boundary=\(edge)"], body)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a file whose sender goes away leaves nothing behind`() async throws {
        for chunked in [true, false] {
            let connection = try RawConnection(port: daemon.port)
            connection.send(
                "POST /v1/children/\(child)/artefacts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(client.token ?? "")\r\n"
                    + (chunked
                        ? "Transfer-Encoding: chunked\r\n\r\n300000\r\n" : "Content-Length: 10000000\r\n\r\n"))
            // As much as is worth a write.
            connection.send([UInt8](repeating: UInt8(ascii: "a"), count: 3 << 20))
            while try uploads().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
            connection.close()
            while try !uploads().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        }
        let timeline = try await client.get("/v1/children/\(child)/timeline")

        #expect(timeline.count("items") == 0)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a refusal closes the connection, and does not read the gigabyte`() async throws {
        let connection = try RawConnection(port: daemon.port)
        connection.send(
            "POST /v1/children/\(child)/artefacts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wrong\r\nContent-Length: 1000000000\r\n\r\n"
        )
        let answer = connection.receive()
        var taken = 0
        while connection.send([UInt8](repeating: 0, count: 1 << 20)), taken < 1000 {
            taken += 1
            try await Task.sleep(for: .milliseconds(5))
        }

        #expect(answer.hasPrefix("HTTP/1.1 401"))
        #expect(answer.lowercased().contains("connection: close"))
        #expect(taken < 1000)
    }

    private func uploads() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: daemon.storage.appending("uploads").string)
    }

    @Test func `several ranges come as parts of one answer, each byte for byte`() async throws {
        let bytes = (0..<300_000).map { UInt8(ascii: "A") + UInt8(($0 * 31 ^ $0 >> 7) % 26) }
        let added = try await client.add(bytes, named: "letters.txt", to: child)
        let href = try #require(added["artefact.href"]) + "/content"
        let ranges = [0..<3, 65_530..<65_545, 299_990..<300_000, 131_072..<200_000]
        let field = ranges.map { "\($0.lowerBound)-\($0.upperBound - 1)" }.joined(separator: ", ")

        let answer = try await client.get(href, headers: ["Range": "bytes=\(field)"])
        let type = try #require(answer.headers["content-type"])
        let boundary = try #require(type.split(separator: "boundary=").last)
        var expected: [UInt8] = []
        for range in ranges {
            expected += Array("\r\n--\(boundary)\r\nContent-Type: text/plain; charset=utf-8\r\n".utf8)
            expected += Array("Content-Range: bytes \(range.lowerBound)-\(range.upperBound - 1)/300000\r\n\r\n".utf8)
            expected += bytes[range]
        }
        expected += Array("\r\n--\(boundary)--\r\n".utf8)

        #expect(answer.status == 206)
        #expect(type.hasPrefix("multipart/byteranges; "))
        #expect(answer.headers["content-length"] == String(expected.count))
        let isSame = answer.body == expected
        #expect(isSame)
    }

    @Test func `a whole reading is in the journal each time, and the parts of one reading once`() async throws {
        let added = try await client.add(try Samples.bytes("photo.jpg"), named: "p.jpg", to: child)
        let href = try #require(added["artefact.href"]) + "/content"
        let other = client.with(token: try await daemon.token(["--role", "worker", "--name", "second"]))

        for start in 0..<5 { _ = try await client.get(href, headers: ["Range": "bytes=\(start)-9"]) }
        for _ in 0..<2 { _ = try await client.get(href) }
        _ = try await other.get(href, headers: ["Range": "bytes=0-9"])
        daemon.stop(SIGTERM)
        let catalogue = try SQLiteCatalogue(path: daemon.storage.appending("index.sqlite").string)
        let reads = try await catalogue.journal(after: 0, limit: 1000).filter { $0.event.act == .contentRead }

        #expect(reads.count == 4)
        #expect(reads.last?.event.actor == "second")
    }
}
