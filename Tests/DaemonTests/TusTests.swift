import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite(.serialized) struct TusTests {
    private let folder: TemporaryDirectory
    private let daemon: DaemonProcess
    private let child: String
    private var client: TestClient { daemon.client }

    init() async throws {
        folder = try TemporaryDirectory()
        daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        child = try await daemon.client.addChild()
    }

    @Test func `what the server speaks is said without a credential`() async throws {
        let answer = try await client.with(token: nil).send("OPTIONS", "/uploads")

        #expect(answer.status == 200)
        #expect(answer.headers["tus-version"] == "1.0.0")
        #expect(
            answer.headers["tus-extension"]
                == "creation,creation-with-upload,creation-defer-length,expiration,checksum,checksum-trailer,"
                + "termination,concatenation,concatenation-unfinished")
        #expect(answer.headers["tus-checksum-algorithm"] == "sha1,sha256,sha512,md5,crc32")
        #expect(answer.headers["tus-max-size"] == "21474836480")
    }

    @Test func `a file sent in pieces is kept whole`() async throws {
        let bytes = try Samples.bytes("video.mp4")
        let begun = try await client.begin(bytes.count, to: child, name: "video.mp4", more: ["caption": "You ran 🏃"])
        let url = try #require(begun.headers["location"])
        #expect(begun.status == 201)

        var offset = 0
        while offset < bytes.count {
            let end = min(offset + 10_000, bytes.count)
            let answer = try await client.patch(url, at: offset, Array(bytes[offset..<end]))
            #expect(answer.status == 204)
            #expect(answer.headers["upload-offset"] == String(end))
            #expect(answer.headers["tus-resumable"] == "1.0.0")
            offset = end
        }
        let status = try await client.get("/v1/uploads/\(url.suffix(32))")
        let artefact = try #require(status["artefact"])
        let content = try await client.get("/v1/artefacts/\(artefact)/content")
        let timeline = try await client.get("/v1/children/\(child)/timeline")
        let head = try await client.offset(url)

        #expect(status["state"] == "kept")
        #expect(content.body == bytes)
        #expect(timeline.count("items") == 1)
        #expect(timeline["items.0.caption"] == "You ran 🏃")
        #expect(timeline["items.0.artefact.fileName"] == "video.mp4")
        #expect(head.offset == bytes.count)
    }

    @Test func `bytes can come with the creation`() async throws {
        let bytes = try Samples.bytes("drawing.png")
        let pairs =
            "filename \(Data("d.png".utf8).base64EncodedString()),child \(Data(child.utf8).base64EncodedString())"

        let answer = try await client.send(
            "POST", "/uploads",
            headers: [
                "Tus-Resumable": "1.0.0", "Upload-Length": String(bytes.count), "Upload-Metadata": pairs,
                "Content-Type": "application/offset+octet-stream",
            ], body: Array(bytes[..<100]))
        let url = try #require(answer.headers["location"])
        let rest = try await client.patch(url, at: 100, Array(bytes[100...]))

        #expect(answer.status == 201)
        #expect(answer.headers["upload-offset"] == "100")
        #expect(rest.status == 204)
    }

    @Test func `the metadata comes back byte for byte`() async throws {
        let begun = try await client.begin(10, to: child, more: ["odd": "\u{1}\u{2}"])
        let url = try #require(begun.headers["location"])

        let answer = try await client.send("HEAD", url, headers: ["Tus-Resumable": "1.0.0"])

        #expect(answer.headers["upload-metadata"]?.contains("odd AQI=") == true)
        #expect(answer.headers["upload-length"] == "10")
        #expect(answer.headers["upload-offset"] == "0")
        #expect(answer.headers["cache-control"] == "no-store")
    }

    @Test func `an upload that was cancelled is gone`() async throws {
        let url = try #require(try await client.begin(10, to: child).headers["location"])
        let deleted = try await client.send("DELETE", url, headers: ["Tus-Resumable": "1.0.0"])
        let head = try await client.offset(url)
        let patched = try await client.patch(url, at: 0, [1])

        #expect(deleted.status == 204)
        #expect(head.status == 404)
        #expect(patched.status == 404)
    }

    @Test func `a last piece that is sent again is answered again`() async throws {
        let url = try #require(try await client.begin(4, to: child, name: "a.txt").headers["location"])
        let first = try await client.patch(url, at: 0, Array("word".utf8))
        let again = try await client.patch(url, at: 4, [])
        let wrong = try await client.patch(url, at: 0, Array("word".utf8))
        let timeline = try await client.get("/v1/children/\(child)/timeline")

        #expect(first.status == 204)
        #expect(again.status == 204)
        #expect(wrong.status == 409)
        #expect(wrong.headers["upload-offset"] == "4")
        #expect(timeline.count("items") == 1)
    }

    @Test func `a program is refused, and a client cannot take that for success`() async throws {
        let bytes = try Samples.bytes("holiday.jpg")
        let url = try #require(try await client.begin(bytes.count, to: child, name: "holiday.jpg").headers["location"])

        let answer = try await client.patch(url, at: 0, bytes)
        let head = try await client.offset(url)
        let status = try await client.get("/v1/uploads/\(url.suffix(32))")
        let timeline = try await client.get("/v1/children/\(child)/timeline")

        #expect(answer.status == 422)
        #expect(answer["type"] == "/problems/format-refused")
        #expect(head.status == 410)
        #expect(status["state"] == "refused")
        #expect(timeline.count("items") == 0)
    }

    @Test func `what the protocol forbids is refused, each with its status`() async throws {
        let url = try #require(try await client.begin(10, to: child).headers["location"])
        let tus = ["Tus-Resumable": "1.0.0"]
        let type = ["Content-Type": "application/offset+octet-stream"]
        func patch(_ headers: [String: String], _ bytes: [UInt8] = [1]) async throws -> Int {
            try await client.send("PATCH", url, headers: headers, body: bytes).status
        }

        #expect(try await patch(type.merging(["Upload-Offset": "0"]) { $1 }) == 412)
        #expect(try await patch(type.merging(["Upload-Offset": "0", "Tus-Resumable": "0.2.2"]) { $1 }) == 412)
        #expect(try await patch(tus.merging(["Upload-Offset": "0", "Content-Type": "text/plain"]) { $1 }) == 415)
        #expect(try await patch(tus.merging(type) { $1 }) == 400)
        #expect(try await patch(tus.merging(type) { $1 }.merging(["Upload-Offset": "-1"]) { $1 }) == 400)
        #expect(try await client.patch(url, at: 5, [1]).status == 409)
        #expect(try await client.patch(url, at: 0, [UInt8](repeating: 1, count: 11)).status == 413)
        #expect(try await client.offset(url).offset == 0)
        #expect(try await client.patch("/uploads/\(String(repeating: "0", count: 32))", at: 0, [1]).status == 404)
        #expect(try await client.offset("/uploads/..%2F..%2Fkeys").status == 404)
    }

    @Test func `a creation that cannot be is refused, each with its status`() async throws {
        let child64 = Data(child.utf8).base64EncodedString()
        func create(_ headers: [String: String]) async throws -> TestClient.Answer {
            try await client.send(
                "POST", "/uploads", headers: headers.merging(["Tus-Resumable": "1.0.0"]) { a, _ in a })
        }
        let metadata = "child \(child64)"

        #expect(try await create(["Upload-Metadata": metadata]).status == 400)
        #expect(try await create(["Upload-Length": "-1", "Upload-Metadata": metadata]).status == 400)
        #expect(try await create(["Upload-Length": "x", "Upload-Metadata": metadata]).status == 400)
        #expect(try await create(["Upload-Length": "99999999999999999999", "Upload-Metadata": metadata]).status == 400)
        #expect(try await create(["Upload-Length": "21474836481", "Upload-Metadata": metadata]).status == 413)
        #expect(try await create(["Upload-Length": "5"]).status == 400)
        #expect(try await create(["Upload-Length": "5", "Upload-Metadata": "child !!!"]).status == 400)
        #expect(
            try await create(["Upload-Length": "5", "Upload-Metadata": "child \(Data("x".utf8).base64EncodedString())"])
                .status == 404)
        #expect(
            try await create(["Upload-Length": "5", "Upload-Metadata": metadata + ",voice bG91ZA=="]).status == 400)
        let empty = try await create(["Upload-Length": "0", "Upload-Metadata": metadata])
        #expect(empty.status == 422)
        #expect(empty["type"] == "/problems/empty-file")
    }

    @Test func `an upload belongs to whoever began it`() async throws {
        let url = try #require(try await client.begin(10, to: child).headers["location"])
        let other = client.with(token: try await daemon.token(["--role", "worker"]))

        #expect(try await other.offset(url).status == 404)
        #expect(try await other.patch(url, at: 0, [1]).status == 404)
        #expect(try await other.send("DELETE", url, headers: ["Tus-Resumable": "1.0.0"]).status == 404)
        #expect(try await other.get("/v1/uploads/\(url.suffix(32))").status == 404)
        #expect(try await client.offset(url).offset == 0)
    }

    @Test func `a method can be said in a header`() async throws {
        let url = try #require(try await client.begin(4, to: child, name: "a.txt").headers["location"])

        let answer = try await client.send(
            "POST", url,
            headers: [
                "X-HTTP-Method-Override": "PATCH", "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
                "Content-Type": "application/offset+octet-stream",
            ], body: Array("word".utf8))

        #expect(answer.status == 204)
    }

    @Test(.timeLimit(.minutes(5)))
    func `of the same last piece sent twice at once, none is told that there is no such upload`() async throws {
        for _ in 0..<20 {
            let url = try #require(try await client.begin(4, to: child, name: "a.txt").headers["location"])
            async let first = try? client.patch(url, at: 0, Array("word".utf8))
            async let second = try? client.patch(url, at: 0, Array("word".utf8))
            let statuses = await [first, second].compactMap { $0?.status }
            let head = try await client.offset(url)
            if head.offset == 0 { _ = try await client.patch(url, at: 0, Array("word".utf8)) }

            #expect(Set(statuses).isSubset(of: [204, 409]))
            #expect(head.status == 200)
        }
        #expect(try await client.get("/v1/children/\(child)/timeline").count("items") == 20)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a connection that breaks in the middle keeps what came`() async throws {
        let url = try #require(try await client.begin(1_000_000, to: child).headers["location"])
        let connection = try RawConnection(port: daemon.port)
        connection.send(head("PATCH", url, length: 1_000_000) + "")
        connection.send([UInt8](repeating: 7, count: 300_000))
        connection.close()

        var offset = 0
        // A question by tus would end the request before all of it is read.
        while offset < 300_000 {
            offset = try await client.get("/v1/uploads/\(url.suffix(32))")["offset"].flatMap { Int($0) } ?? 0
        }
        let rest = try await client.patch(url, at: offset, [UInt8](repeating: 7, count: 1_000_000 - offset))

        #expect(offset == 300_000)
        #expect(rest.status == 204)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a newer request ends one that stalls, and sees what it left`() async throws {
        let url = try #require(try await client.begin(1_000_000, to: child).headers["location"])
        let stalled = try RawConnection(port: daemon.port)
        stalled.send(head("PATCH", url, length: 1_000_000))
        stalled.send([UInt8](repeating: 7, count: 200_000))

        let offset = try #require(try await client.offset(url).offset)
        var status: Int?
        // The stalled request may be read after the question; then this one ends it, and asks again. Its refusal
        // can come while the client is still sending, which some take for a broken connection.
        for _ in 0..<3 where status != 204 {
            let known = try #require(try await client.offset(url).offset)
            status = try? await client.patch(url, at: known, [UInt8](repeating: 7, count: 1_000_000 - known)).status
        }

        #expect(offset <= 200_000)
        #expect(status == 204)
    }

    @Test func `a question for an offset that is not there has no bytes behind its answer`() async throws {
        let connection = try RawConnection(port: daemon.port)
        let path = "/uploads/\(String(repeating: "0", count: 32))"
        connection.send(
            "HEAD \(path) HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nAuthorization: Bearer \(client.token ?? "")\r\n\r\n"
                + "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        let answers = connection.receive(until: "\"ok\"")

        #expect(answers.hasPrefix("HTTP/1.1 404"))
        #expect(answers.contains("\r\n\r\nHTTP/1.1 200"))
    }

    @Test(.timeLimit(.minutes(5)))
    func `a client that asks first is told to go on, once the request is fit`() async throws {
        let url = try #require(try await client.begin(4, to: child, name: "a.txt").headers["location"])
        let connection = try RawConnection(port: daemon.port)
        connection.send(head("PATCH", url, length: 4, more: "Expect: 100-continue\r\n"))
        let invitation = connection.receive()
        connection.send("word")
        let answer = connection.receive()

        let unfit = try RawConnection(port: daemon.port)
        unfit.send(
            head("PATCH", "/uploads/\(String(repeating: "0", count: 32))", length: 4, more: "Expect: 100-continue\r\n"))
        let refusal = unfit.receive()

        #expect(invitation.hasPrefix("HTTP/1.1 100"))
        #expect(answer.hasPrefix("HTTP/1.1 204"))
        #expect(refusal.hasPrefix("HTTP/1.1 404"))
    }

    private func head(_ method: String, _ url: String, length: Int, more: String = "") -> String {
        let path = url.hasPrefix("http") ? "/uploads/" + url.suffix(32) : url
        return "\(method) \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(client.token ?? "")\r\n"
            + "Tus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\n"
            + "Content-Length: \(length)\r\n\(more)\r\n"
    }
}
