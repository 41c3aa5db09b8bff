import Foundation
import SystemPackage
import TestSupport
import Testing

/// What keeps one sender, or many, from taking more than there is.
@Suite(.serialized) struct GuardTests {
    private let folder: TemporaryDirectory
    private var storage: FilePath { folder.path.appending("store") }

    init() throws { folder = try TemporaryDirectory() }

    @Test func `a sender has so many unfinished uploads, and room again when one ends`() async throws {
        let daemon = try await DaemonProcess(
            storage: storage, environment: ["KEEPSAKE_UPLOADS_MAXIMUM_OPEN_PER_SENDER": "2"])
        let child = try await daemon.client.addChild()
        let first = try await daemon.client.begin(5, to: child)
        _ = try await daemon.client.begin(5, to: child)
        let third = try await daemon.client.begin(5, to: child)
        let other = try await daemon.client.with(token: try await daemon.token(["--role", "worker"]))
            .begin(5, to: child)
        _ = try await daemon.client.send(
            "DELETE", try #require(first.headers["location"]), headers: ["Tus-Resumable": "1.0.0"])
        let again = try await daemon.client.begin(5, to: child)

        #expect(third.status == 429)
        #expect(third.headers["retry-after"] == "60")
        #expect(third["type"] == "/problems/too-many-uploads")
        #expect(other.status == 201)
        #expect(again.status == 201)
    }

    @Test func `limits hold over a restart`() async throws {
        let limit = ["KEEPSAKE_UPLOADS_MAXIMUM_OPEN_PER_SENDER": "1"]
        let daemon = try await DaemonProcess(storage: storage, environment: limit)
        let child = try await daemon.client.addChild()
        _ = try await daemon.client.begin(5, to: child)
        daemon.stop(SIGKILL)
        let second = try await DaemonProcess(storage: storage, environment: limit)
        let answer = try await second.client.with(token: daemon.client.token).begin(5, to: child)

        #expect(answer.status == 429)
    }

    @Test(arguments: [
        ("KEEPSAKE_UPLOADS_MAXIMUM_BYTES_PER_SENDER", 429, "too-many-bytes"),
        ("KEEPSAKE_UPLOADS_MAXIMUM_BYTES", 503, "busy"),
    ])
    func `unfinished uploads have so many bytes together`(
        _ setting: String, _ status: Int, _ type: String
    ) async throws {
        let daemon = try await DaemonProcess(storage: storage, environment: [setting: "1000"])
        let child = try await daemon.client.addChild()
        let first = try await daemon.client.begin(600, to: child)
        let second = try await daemon.client.begin(600, to: child)
        let small = try await daemon.client.begin(300, to: child)

        #expect(first.status == 201)
        #expect(second.status == status)
        #expect(second.headers["retry-after"] != nil)
        #expect(second["type"] == "/problems/\(type)")
        #expect(small.status == 201)
    }

    @Test func `so many requests send bytes at the same time`() async throws {
        let daemon = try await DaemonProcess(
            storage: storage, environment: ["KEEPSAKE_UPLOADS_MAXIMUM_REQUESTS": "1"])
        let child = try await daemon.client.addChild()
        let slow = try #require(try await daemon.client.begin(500_000, to: child).headers["location"])
        let other = try #require(try await daemon.client.begin(4, to: child, name: "a.txt").headers["location"])
        let connection = try RawConnection(port: daemon.port)
        connection.send(
            "PATCH /uploads/\(slow.suffix(32)) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(daemon.client.token ?? "")\r\n"
                + "Tus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\n"
                + "Content-Length: 500000\r\nExpect: 100-continue\r\n\r\n")
        _ = connection.receive()
        connection.send([1, 2, 3])
        let system = daemon.client.with(token: try await daemon.token(["--role", "system"]))
        while try await !system.get("/metrics").text.contains("\nkeepsake_uploads_active 1\n") {
            try await Task.sleep(for: .milliseconds(20))
        }
        let refused = try await daemon.client.patch(other, at: 0, Array("word".utf8))
        connection.close()
        while try await !system.get("/metrics").text.contains("\nkeepsake_uploads_active 0\n") {
            try await Task.sleep(for: .milliseconds(20))
        }
        let taken = try await daemon.client.patch(other, at: 0, Array("word".utf8))

        #expect(refused.status == 503)
        #expect(refused.headers["retry-after"] == "5")
        #expect(taken.status == 204)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a program is refused when 64 KiB are there, long before it has been sent`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await daemon.client.addChild()
        let size = 4 << 30
        let connection = try RawConnection(port: daemon.port)
        connection.send(
            "POST /v1/children/\(child)/artefacts HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n"
                + "Authorization: Bearer \(daemon.client.token ?? "")\r\n\r\n")
        let program = try Data(contentsOf: URL(fileURLWithPath: "/usr/bin/env"))
        var block = Array(program.prefix(1 << 20))
        block += [UInt8](repeating: 0, count: (1 << 20) - block.count)
        var sent = 0
        // A server that read on would take all of it.
        while sent < 64, connection.send(block) { sent += 1 }
        let answer = connection.receive(until: "format-refused")

        #expect(answer.hasPrefix("HTTP/1.1 422"))
        #expect(answer.lowercased().contains("connection: close"))
        #expect(try await daemon.client.get("/v1/children/\(child)/timeline").count("items") == 0)
    }

    @Test func `an upload whose beginning is a program ends there, and its client cannot take that for success`()
        async throws
    {
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await daemon.client.addChild()
        let program = try Data(contentsOf: URL(fileURLWithPath: "/usr/bin/openssl"))
        let url = try #require(
            try await daemon.client.begin(1 << 30, to: child, name: "photo.jpg").headers["location"])
        let first = try await daemon.client.patch(url, at: 0, Array(program.prefix(60_000)))
        let second = try await daemon.client.patch(url, at: 60_000, Array(program.dropFirst(60_000).prefix(60_000)))
        let head = try await daemon.client.offset(url)
        let status = try await daemon.client.get("/v1/uploads/\(url.suffix(32))")

        #expect(first.status == 204)
        #expect(second.status == 422)
        #expect(head.status == 410)
        #expect(status["state"] == "refused")
    }

    @Test func `a token that was revoked while bytes came in finishes nothing`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await daemon.client.addChild()
        let short = daemon.client.with(token: try await daemon.token(["--role", "worker", "--days", "1"]))
        let url = try #require(try await short.begin(4, to: child, name: "a.txt").headers["location"])
        let connection = try RawConnection(port: daemon.port)
        connection.send(
            "PATCH /uploads/\(url.suffix(32)) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(short.token ?? "")\r\n"
                + "Tus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\n"
                + "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        let invited = connection.receive()
        connection.send("wo")
        try Self.expireTokens(in: daemon.storage)
        connection.send("rd")
        let answer = connection.receive(until: "\r\n\r\n")

        #expect(invited.hasPrefix("HTTP/1.1 100"))
        #expect(answer.hasPrefix("HTTP/1.1 401"))
        #expect(try await daemon.client.get("/healthz").status == 200)
    }

    @Test func `going on with many gibibytes reads none of them again`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await daemon.client.addChild()
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        let url = try #require(
            try await daemon.client.begin(1_000_010, to: child, name: "a.txt").headers["location"])
        _ = try await daemon.client.patch(url, at: 0, text)
        daemon.stop(SIGKILL)
        // Were these bytes read again, they would be seen to be damaged.
        let spool = storage.appending("uploads").appending("\(url.suffix(32)).spool").string
        let file = try #require(FileHandle(forUpdatingAtPath: spool))
        try file.seek(toOffset: 5000)
        try file.write(contentsOf: Data(repeating: 0, count: 100))
        try file.close()
        let second = try await DaemonProcess(storage: storage)
        let answer = try await second.client.with(token: daemon.client.token)
            .patch("/uploads/\(url.suffix(32))", at: 1_000_000, Array("1234".utf8))

        #expect(answer.status == 204)
        #expect(answer.headers["upload-offset"] == "1000004")
    }

    @Test func `what happens to uploads is counted`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await daemon.client.addChild()
        let url = try #require(try await daemon.client.begin(9, to: child, name: "a.txt").headers["location"])
        _ = try await daemon.client.patch(url, at: 0, Array("once ".utf8))
        _ = try await daemon.client.patch(url, at: 3, Array("upon".utf8))
        _ = try await daemon.client.patch(url, at: 5, Array("upon".utf8))
        let bytes = try Samples.bytes("drawing.png")
        _ = try await daemon.client.add(bytes, named: "d.png", to: child)
        _ = try await daemon.client.add(try Samples.bytes("holiday.jpg"), named: "holiday.jpg", to: child)
        let text = try await daemon.client.with(token: try await daemon.token(["--role", "system"])).get("/metrics")
            .text

        for line in [
            "keepsake_uploads_begun_total{dialect=\"tus\"} 1",
            "keepsake_uploads_ended_total{dialect=\"tus\",outcome=\"linked\"} 1",
            "keepsake_uploads_ended_total{dialect=\"whole\",outcome=\"linked\"} 1",
            "keepsake_uploads_ended_total{dialect=\"whole\",outcome=\"refused\"} 1",
            "keepsake_upload_bytes_total{dialect=\"tus\"} 9",
            "keepsake_uploads_resumed_total{dialect=\"tus\"} 1",
            "keepsake_refusals_total{reason=\"mismatching-upload-offset\"} 1",
            "keepsake_refusals_total{reason=\"format-refused\"} 1",
            "keepsake_stage_seconds_count{stage=\"link\"} 2",
            "keepsake_uploads_open 0",
            "# TYPE keepsake_fsyncs_total counter",
        ] {
            #expect(text.contains("\n\(line)\n"), "\(line)")
        }
        #expect(!text.contains("a.txt"))
    }

    /// Makes every token of that role a thing of the past.
    private static func expireTokens(in storage: FilePath) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            """
            import sqlite3, sys
            index = sqlite3.connect(sys.argv[1], timeout=10)
            index.execute("UPDATE credentials SET expiresAt = 1")
            index.commit()
            """, storage.appending("index.sqlite").string,
        ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
