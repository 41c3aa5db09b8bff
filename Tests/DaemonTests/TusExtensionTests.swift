import Foundation
import SystemPackage
import TestSupport
import Testing

/// What tus 1.0.0 offers beyond its core, extension by extension.
@Suite(.serialized) struct TusExtensionTests {
    private let folder: TemporaryDirectory
    private let daemon: DaemonProcess
    private let child: String
    private var client: TestClient { daemon.client }

    init() async throws {
        folder = try TemporaryDirectory()
        daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        child = try await daemon.client.addChild()
    }

    // MARK: creation-defer-length

    @Test func `a length can be said with the last bytes`() async throws {
        let begun = try await create(["Upload-Defer-Length": "1", "Upload-Metadata": metadata("a.txt")])
        let url = try #require(begun.headers["location"])
        let first = try await client.patch(url, at: 0, Array("once upon ".utf8))
        let head = try await client.send("HEAD", url, headers: tus)
        let tooShort = try await patch(url, at: 10, "a time", ["Upload-Length": "5"])
        let last = try await patch(url, at: 10, "a time", ["Upload-Length": "16"])
        let artefact = try #require(try await status(url)["artefact"])
        let content = try await client.get("/v1/artefacts/\(artefact)/content")

        #expect(begun.status == 201)
        #expect(first.status == 204)
        #expect(head.headers["upload-defer-length"] == "1")
        #expect(head.headers["upload-length"] == nil)
        #expect(tooShort.status == 400)
        #expect(last.status == 204)
        #expect(content.text == "once upon a time")
    }

    @Test func `a length that was said stays, also when the daemon is killed`() async throws {
        let url = try #require(
            try await create(["Upload-Defer-Length": "1", "Upload-Metadata": metadata("a.txt")]).headers["location"])
        let said = try await patch(url, at: 0, "once", ["Upload-Length": "9"])
        let again = try await patch(url, at: 4, " ", ["Upload-Length": "9"])
        let other = try await patch(url, at: 5, "upon", ["Upload-Length": "10"])
        daemon.stop(SIGKILL)
        let second = try await DaemonProcess(storage: daemon.storage)
        let path = "/uploads/" + url.suffix(32)
        let head = try await second.client.with(token: client.token).send("HEAD", path, headers: tus)

        #expect(said.status == 204)
        #expect(again.status == 204)
        #expect(other.status == 400)
        #expect(head.headers["upload-length"] == "9")
        #expect(head.headers["upload-offset"] == "5")
    }

    // MARK: expiration

    @Test func `an unfinished upload says until when it waits, and a finished one does not`() async throws {
        let begun = try await client.begin(9, to: child, name: "a.txt")
        let url = try #require(begun.headers["location"])
        let half = try await client.patch(url, at: 0, Array("once ".utf8))
        let head = try await client.send("HEAD", url, headers: tus)
        let whole = try await client.patch(url, at: 5, Array("upon".utf8))

        let expires = try #require(begun.headers["upload-expires"])
        #expect(expires.wholeMatch(of: /[MTWFS][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/) != nil)
        #expect(half.headers["upload-expires"] == expires)
        #expect(head.headers["upload-expires"] == expires)
        #expect(whole.headers["upload-expires"] == nil)
    }

    // MARK: checksum

    /// Source: the digests of `once upon a time`, by `openssl dgst` and Python's zlib.
    @Test(arguments: [
        "sha1 zRMY+n0BtUhFmFIvQugiAPWn9TI=", "sha256 cc/m2v9nCw7bO20Jf8hl6qkrVH/qY9l6q/uVYG6DoFM=",
        "md5 6jb80l2Wgh4UVa3sbl2aOg==", "crc32 s4/u0g==",
    ])
    func `bytes that hash to what was said are kept, and others are not`(_ checksum: String) async throws {
        let text = "once upon a time"
        let url = try #require(try await client.begin(16, to: child, name: "a.txt").headers["location"])
        let wrong = try await patch(url, at: 0, "once upon a tame", ["Upload-Checksum": checksum])
        let after = try await client.offset(url)
        let right = try await patch(url, at: 0, text, ["Upload-Checksum": checksum])
        let artefact = try #require(try await status(url)["artefact"])
        let content = try await client.get("/v1/artefacts/\(artefact)/content")

        #expect(wrong.status == 460)
        #expect(after.offset == 0)
        #expect(right.status == 204)
        #expect(content.text == text)
    }

    @Test(arguments: ["sha3 AAAA", "sha1", "sha1 !!!", "sha1  AAAA AAAA", ""])
    func `a checksum that cannot be checked is refused, and nothing is kept`(_ checksum: String) async throws {
        let url = try #require(try await client.begin(16, to: child, name: "a.txt").headers["location"])
        let answer = try await patch(url, at: 0, "once upon a time", ["Upload-Checksum": checksum])

        #expect(answer.status == 400)
        #expect(try await client.offset(url).offset == 0)
    }

    @Test(.timeLimit(.minutes(5)))
    func `of checked bytes that break off in the middle nothing is kept, and all of those before`() async throws {
        let url = try #require(try await client.begin(1_000_000, to: child).headers["location"])
        let first = try await client.patch(url, at: 0, [UInt8](repeating: 7, count: 100_000))
        let connection = try RawConnection(port: daemon.port)
        connection.send(
            "PATCH /uploads/\(url.suffix(32)) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(client.token ?? "")\r\n"
                + "Tus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: 100000\r\n"
                + "Upload-Checksum: crc32 AAAAAA==\r\nContent-Length: 900000\r\n\r\n")
        connection.send([UInt8](repeating: 8, count: 300_000))
        _ = connection.receive(seconds: 1)
        connection.close()

        let head = try await client.offset(url)
        let rest = try await client.patch(url, at: 100_000, [UInt8](repeating: 7, count: 900_000))

        #expect(first.status == 204)
        #expect(head.offset == 100_000)
        #expect(rest.status == 204)
    }

    @Test(arguments: [
        ("Upload-Checksum: crc32 s4/u0g==\r\n", 204), ("Upload-Checksum: crc32 s4/u0Q==\r\n", 460),
        ("Upload-Checksum: crc33 s4/u0g==\r\n", 400), ("", 400),
    ])
    func `a checksum can come behind the bytes`(_ trailer: String, _ status: Int) async throws {
        let url = try #require(try await client.begin(16, to: child, name: "a.txt").headers["location"])
        let connection = try RawConnection(port: daemon.port)
        connection.send(
            "PATCH /uploads/\(url.suffix(32)) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(client.token ?? "")\r\n"
                + "Tus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\n"
                + "Transfer-Encoding: chunked\r\nTrailer: Upload-Checksum\r\n\r\n"
                + "10\r\nonce upon a time\r\n0\r\n\(trailer)\r\n")
        let answer = connection.receive(until: "\r\n\r\n")

        #expect(answer.hasPrefix("HTTP/1.1 \(status)"))
        #expect(try await client.offset(url).offset == (status == 204 ? 16 : 0))
    }

    @Test func `bytes that come with the creation can be checked too`() async throws {
        func create(_ checksum: String) async throws -> TestClient.Answer {
            try await client.send(
                "POST", "/uploads",
                headers: tus.merging([
                    "Upload-Length": "16", "Upload-Metadata": metadata("a.txt"), "Upload-Checksum": checksum,
                    "Content-Type": "application/offset+octet-stream",
                ]) { $1 }, body: Array("once upon a time".utf8))
        }

        let right = try await create("sha1 zRMY+n0BtUhFmFIvQugiAPWn9TI=")
        let wrong = try await create("sha1 AAAAE6qBM8xN0PrzuJQYFLEDQUk=")

        #expect(right.status == 201)
        #expect(right.headers["upload-offset"] == "16")
        #expect(wrong.status == 460)
    }

    // MARK: termination

    @Test func `a finished upload cannot be cancelled: its file is in the story`() async throws {
        let url = try #require(try await client.begin(4, to: child, name: "a.txt").headers["location"])
        _ = try await client.patch(url, at: 0, Array("word".utf8))

        let answer = try await client.send("DELETE", url, headers: tus)

        #expect(answer.status == 403)
        #expect(try await client.get("/v1/children/\(child)/timeline").count("items") == 1)
    }

    // MARK: concatenation

    @Test func `pieces are put together in the order that is said, also one of them twice`() async throws {
        let (once, upon) = (try await piece("once "), try await piece("upon "))
        let pieceHead = try await client.send("HEAD", once, headers: tus)
        let final = try await create([
            "Upload-Concat": "final;\(once) /uploads/\(upon.suffix(32)) \(once)",
            "Upload-Metadata": metadata("story.txt"),
        ])
        let url = try #require(final.headers["location"])
        let head = try await client.send("HEAD", url, headers: tus)
        let artefact = try #require(try await status(url)["artefact"])
        let content = try await client.get("/v1/artefacts/\(artefact)/content")
        let timeline = try await client.get("/v1/children/\(child)/timeline")
        let patched = try await client.patch(url, at: 15, [1])

        #expect(pieceHead.headers["upload-concat"] == "partial")
        #expect(pieceHead.headers["upload-offset"] == "5")
        #expect(final.status == 201)
        #expect(head.headers["upload-offset"] == "15")
        #expect(head.headers["upload-length"] == "15")
        #expect(head.headers["upload-concat"]?.hasPrefix("final;") == true)
        #expect(content.text == "once upon once ")
        #expect(timeline.count("items") == 1)
        #expect(timeline["items.0.artefact.fileName"] == "story.txt")
        #expect(patched.status == 403)
    }

    @Test func `asked again, the same pieces make the same upload`() async throws {
        let (once, upon) = (try await piece("once "), try await piece("upon "))
        func final(_ name: String) async throws -> String? {
            try await create([
                "Upload-Concat": "final;\(once) \(upon)", "Upload-Metadata": metadata(name),
            ]).headers["location"]
        }

        let first = try await final("a.txt")
        let again = try await final("a.txt")
        let other = try await final("b.txt")

        #expect(first != nil)
        #expect(again == first)
        #expect(other != first)
        #expect(try await client.get("/v1/children/\(child)/timeline").count("items") == 2)
    }

    @Test func `a final upload can be begun before its pieces are there`() async throws {
        let once = try await piece("once ")
        let late = try #require(
            try await create(["Upload-Concat": "partial", "Upload-Length": "4"]).headers["location"])
        let final = try #require(
            try await create(["Upload-Concat": "final;\(once) \(late)", "Upload-Metadata": metadata("a.txt")])
                .headers["location"])
        let before = try await client.send("HEAD", final, headers: tus)
        let patched = try await client.patch(final, at: 0, [1])
        _ = try await client.patch(late, at: 0, Array("upon".utf8))
        let after = try await client.send("HEAD", final, headers: tus)
        let artefact = try #require(try await status(final)["artefact"])

        #expect(before.headers["upload-offset"] == nil)
        #expect(before.headers["upload-length"] == "9")
        #expect(before.headers["upload-concat"]?.hasPrefix("final;") == true)
        #expect(patched.status == 403)
        #expect(after.headers["upload-offset"] == "9")
        #expect(try await client.get("/v1/artefacts/\(artefact)/content").text == "once upon")
    }

    @Test func `a final upload waits over a restart for its pieces`() async throws {
        let late = try #require(
            try await create(["Upload-Concat": "partial", "Upload-Length": "4"]).headers["location"])
        let final = try #require(
            try await create(["Upload-Concat": "final;\(late)", "Upload-Metadata": metadata("a.txt")])
                .headers["location"])
        daemon.stop(SIGKILL)
        let second = try await DaemonProcess(storage: daemon.storage)
        let again = second.client.with(token: client.token)
        let last = try await again.patch("/uploads/" + late.suffix(32), at: 0, Array("upon".utf8))
        let head = try await again.offset("/uploads/" + final.suffix(32))

        #expect(last.status == 204)
        #expect(head.offset == 4)
    }

    @Test(.timeLimit(.minutes(5)))
    func `killed while large pieces are put together, the daemon starts and puts them together`() async throws {
        let size = 48 << 20
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: size)
        var pieces: [String] = []
        for _ in 0..<3 {
            let url = try #require(
                try await create(["Upload-Concat": "partial", "Upload-Length": String(size)]).headers["location"])
            try #require(try await client.patch(url, at: 0, text).status == 204)
            pieces.append(url)
        }
        let concat = ["Upload-Concat": "final;" + pieces.joined(separator: " "), "Upload-Metadata": metadata("a.txt")]
        async let first = try? create(concat)
        let spools = daemon.storage.appending("uploads").string
        var isBegun = false
        while !isBegun {
            isBegun = try FileManager.default.contentsOfDirectory(atPath: spools).contains { name in
                guard name.hasSuffix(".spool"), !pieces.contains(where: { name.hasPrefix($0.suffix(32)) }) else {
                    return false
                }
                let attributes = try? FileManager.default.attributesOfItem(atPath: "\(spools)/\(name)")
                return (attributes?[.size] as? Int ?? 0) > 40 << 20
            }
        }
        daemon.stop(SIGKILL)
        _ = await first
        let second = try await DaemonProcess(storage: daemon.storage)
        let again = second.client.with(token: client.token)
        let final = try await again.send("POST", "/uploads", headers: concat.merging(tus) { $1 })
        let timeline = try await again.get("/v1/children/\(child)/timeline")

        #expect(final.status == 201)
        #expect(timeline.count("items") == 1)
        #expect(timeline["items.0.artefact.size"] == String(3 * size))
    }

    @Test func `pieces that cannot be put together are refused, each with its status`() async throws {
        let whole = try #require(try await client.begin(4, to: child, name: "a.txt").headers["location"])
        let stranger = client.with(token: try await daemon.token(["--role", "worker"]))
        let theirs = try #require(
            try await stranger.send(
                "POST", "/uploads", headers: tus.merging(["Upload-Concat": "partial", "Upload-Length": "4"]) { $1 }
            ).headers["location"])
        let once = try await piece("once ")
        func final(_ concat: String, _ more: [String: String] = [:]) async throws -> Int {
            try await create(
                ["Upload-Concat": concat, "Upload-Metadata": metadata("a.txt")].merging(more) { $1 }
            ).status
        }

        #expect(try await final("finale;\(once)") == 400)
        #expect(try await final("final;") == 400)
        #expect(try await final("final;/uploads/../keys/root.key") == 400)
        #expect(try await final("final;/uploads/\(String(repeating: "0", count: 32))") == 404)
        #expect(try await final("final;\(theirs)") == 404)
        #expect(try await final("final;\(whole)") == 400)
        #expect(try await final("final;\(once)", ["Upload-Length": "5"]) == 400)
        #expect(try await final("final;\(once)", ["Upload-Defer-Length": "1"]) == 400)
        #expect(try await create(["Upload-Concat": "final;\(once)"]).status == 400)
        #expect(try await client.get("/v1/children/\(child)/timeline").count("items") == 0)
    }

    // MARK: Helpers

    private let tus = ["Tus-Resumable": "1.0.0"]

    private func metadata(_ name: String) -> String {
        "filename \(Data(name.utf8).base64EncodedString()),child \(Data(child.utf8).base64EncodedString())"
    }

    private func create(_ headers: [String: String]) async throws -> TestClient.Answer {
        try await client.send("POST", "/uploads", headers: headers.merging(tus) { $1 })
    }

    private func patch(
        _ url: String, at offset: Int, _ text: String, _ headers: [String: String]
    ) async throws -> TestClient.Answer {
        let all = headers.merging(tus) { $1 }.merging([
            "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset),
        ]) { $1 }
        return try await client.send("PATCH", url, headers: all, body: Array(text.utf8))
    }

    /// A finished partial upload.
    private func piece(_ text: String) async throws -> String {
        let url = try #require(
            try await create(["Upload-Concat": "partial", "Upload-Length": String(text.utf8.count)])
                .headers["location"])
        let sent = try await client.patch(url, at: 0, Array(text.utf8))
        try #require(sent.status == 204)
        return url
    }

    private func status(_ url: String) async throws -> TestClient.Answer {
        try await client.get("/v1/uploads/\(url.suffix(32))")
    }
}
