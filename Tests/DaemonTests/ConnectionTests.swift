import Foundation
import SystemPackage
import TestSupport
import Testing

/// How the daemon is spoken to: HTTP/1.1 and HTTP/2, with TLS and without.
@Suite(.serialized) struct ConnectionTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    @Test(arguments: ["--http1.1", "--http2-prior-knowledge"])
    func `a file is kept and comes back, whichever version is spoken`(_ version: String) async throws {
        let daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        let child = try await daemon.client.addChild()
        let bytes = (0..<3_000_000).map { _ in UInt8.random(in: 97...122) }
        let file = try folder.file("letter.txt", Data(bytes))
        let url = "http://127.0.0.1:\(daemon.port)"

        let added = try await curl(
            [version, "-T", file.string, "-X", "POST", "\(url)/v1/children/\(child)/artefacts"], daemon)
        let href = try #require(added.href)
        let copy = folder.path.appending("copy")
        let got = try await curl([version, "-o", copy.string, "\(url)\(href)/content"], daemon)

        #expect(added.output.contains("\"state\":\"kept\""))
        #expect(got.status == 0)
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: copy.string))) == bytes)
    }

    @Test(arguments: [("--http1.1", "1.1"), ("--http2", "2")])
    func `with a certificate HTTPS is spoken, and where to go on is said there too`(
        _ option: String, _ version: String
    ) async throws {
        let (certificate, key) = try await certificate()
        let daemon = try await DaemonProcess(
            storage: folder.path.appending("store"),
            environment: ["KEEPSAKE_SERVER_CERTIFICATE": certificate, "KEEPSAKE_SERVER_PRIVATE_KEY": key])
        let child = try await addChild(daemon, certificate)
        let letter = try folder.file("letter.txt", Data("Dear Amira".utf8))

        let answer = try await curl(
            [
                option, "--cacert", certificate, "-i", "-w", "\nversion %{http_version}\n",
                "-H", "Upload-Complete: ?1", "-H", "Upload-Draft-Interop-Version: 6",
                "-T", letter.string, "-X", "POST", "https://localhost:\(daemon.port)/v1/children/\(child)/artefacts",
            ], daemon)

        #expect(daemon.welcome.contains("listening on https://127.0.0.1:"))
        #expect(answer.output.contains("version \(version)\n"))
        #expect(answer.output.hasPrefix("HTTP/\(version) 104"))
        #expect(answer.output.lowercased().contains("location: https://localhost:\(daemon.port)/v1/uploads/"))
        #expect(answer.output.contains("HTTP/\(version) 201"))
        #expect(answer.output.lowercased().contains("upload-complete: ?1"))
    }

    /// A client whose line is dead says no goodbye, and nobody may have to wait for it.
    @Test func `with TLS, too, a newer request ends one that stalls`() async throws {
        let (certificate, key) = try await certificate()
        let daemon = try await DaemonProcess(
            storage: folder.path.appending("store"),
            environment: ["KEEPSAKE_SERVER_CERTIFICATE": certificate, "KEEPSAKE_SERVER_PRIVATE_KEY": key])
        let child = try await addChild(daemon, certificate)
        let script = try folder.file(
            "stall.py",
            Data(
                """
                import base64, socket, ssl, sys, time
                port, token, child = int(sys.argv[1]), sys.argv[2], sys.argv[3]
                def ask(method, path, fields, piece=b""):
                    trusting = ssl.create_default_context(cafile=sys.argv[4])
                    s = trusting.wrap_socket(
                        socket.create_connection(("localhost", port), timeout=3), server_hostname="localhost")
                    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Tus-Resumable: 1.0.0",
                        "Connection: close", f"Authorization: Bearer {token}", *fields, "", ""]
                    s.sendall("\\r\\n".join(lines).encode() + piece)
                    return s
                def answer(s):
                    received = b""
                    while piece := s.recv(65536):
                        received += piece
                    lines = received.decode("latin-1").split("\\r\\n\\r\\n", 1)[0].split("\\r\\n")
                    return lines[0].split()[1], dict(l.lower().split(": ", 1) for l in lines[1:])
                body = ["Content-Type: application/offset+octet-stream"]
                metadata = "child " + base64.b64encode(child.encode()).decode()
                _, fields = answer(ask("POST", "/uploads", ["Upload-Length: 1000000", "Upload-Metadata: " + metadata]))
                path = "/uploads/" + fields["location"][-32:]
                stalled = ask("PATCH", path, body + ["Upload-Offset: 0", "Content-Length: 500000"], bytes(200000))
                # The daemon is to have taken it before it is asked.
                time.sleep(1)
                _, fields = answer(ask("HEAD", path, []))
                offset = fields["upload-offset"]
                status, fields = answer(
                    ask("PATCH", path, body + ["Upload-Offset: " + offset, "Content-Length: 1"], b"x"))
                print(status, int(fields["upload-offset"]) - int(offset))
                """.utf8))

        let taken = try await Command.run(
            "/usr/bin/env",
            ["python3", script.string, "\(daemon.port)", daemon.client.token ?? "", child, certificate])

        #expect(taken.output == "204 1\n", "\(taken.errors)")
    }

    @Test func `a large file by HTTP/2 with a checksum behind it, and one that is wrong`() async throws {
        let daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        let child = try await daemon.client.addChild()
        let url = try #require(try await daemon.client.begin(4, to: child, name: "a.txt").headers["location"])
        let script = try folder.file(
            "trailers.py",
            Data(
                """
                import socket, sys
                s = socket.create_connection(("127.0.0.1", \(daemon.port)))
                def frame(kind, flags, stream, payload):
                    s.sendall(len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload)
                def field(name, value):
                    return bytes([0, len(name)]) + name.encode() + (bytes([len(value)]) if len(value) < 127 else bytes([127, len(value) - 127])) + value.encode()
                s.sendall(b"PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n")
                frame(4, 0, 0, b"")
                head = b"".join(field(n, v) for n, v in [
                    (":method", "PATCH"), (":scheme", "http"), (":path", sys.argv[1]), (":authority", "x"),
                    ("authorization", "Bearer " + sys.argv[2]), ("tus-resumable", "1.0.0"), ("upload-offset", "0"),
                    ("content-type", "application/offset+octet-stream"), ("trailer", "upload-checksum")])
                frame(1, 4, 1, head)
                frame(0, 0, 1, b"word")
                frame(1, 5, 1, field("upload-checksum", sys.argv[3]))
                s.settimeout(10)
                data = b""
                while True:
                    while len(data) < 9 or len(data) < 9 + int.from_bytes(data[:3], "big"):
                        data += s.recv(65536)
                    size, kind, stream = int.from_bytes(data[:3], "big"), data[3], int.from_bytes(data[5:9], "big")
                    payload, data = data[9:9 + size], data[9 + size:]
                    if kind == 1 and stream == 1:
                        print(payload[0], payload[:60])
                        break
                """.utf8))
        func patch(_ checksum: String) async throws -> Command {
            try await Command.run(
                "/usr/bin/env",
                ["python3", script.string, "/uploads/\(url.suffix(32))", daemon.client.token ?? "", checksum])
        }

        let wrong = try await patch("crc32 AAAAAA==")
        let before = try await daemon.client.offset(url)
        // Source: CRC-32 of `word`, by Python's zlib.
        let right = try await patch("crc32 \(Self.crc32OfWord)")
        let after = try await daemon.client.offset(url)

        #expect(wrong.status == 0, "\(wrong.errors)")
        #expect(before.offset == 0)
        #expect(right.status == 0, "\(right.errors)")
        #expect(after.offset == 4)
    }

    @Test func `a refusal by HTTP/2 is read, though much more was to be sent`() async throws {
        let daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        let child = try await daemon.client.addChild()
        let url = try #require(try await daemon.client.begin(50_000_000, to: child).headers["location"])
        let file = try folder.file("much", Data(count: 40_000_000))
        let answer = try await curl(
            [
                "--http2-prior-knowledge", "-X", "PATCH", "-T", file.string, "-H", "Tus-Resumable: 1.0.0", "-H",
                "Upload-Offset: 1", "-H", "Content-Type: application/offset+octet-stream", "-w", "%{http_code}", url,
            ], daemon)

        #expect(answer.status == 0, "\(answer.output)")
        #expect(answer.output.hasSuffix("409"))
    }

    private static let crc32OfWord = "w/F1EQ=="

    @Test(.timeLimit(.minutes(5)))
    func `the daemon stops while connections of both versions are open`() async throws {
        let daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        let silent = try RawConnection(port: daemon.port)
        let first = try RawConnection(port: daemon.port)
        first.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = first.receive()
        let second = try RawConnection(port: daemon.port)
        second.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        second.send([0, 0, 0, 4, 0, 0, 0, 0, 0])
        _ = second.receive()

        let status = daemon.stop(SIGTERM)

        #expect(status == 0)
        withExtendedLifetime(silent) {}
    }

    @Test func `a request that does not say to whom is refused`() async throws {
        let daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        let connection = try RawConnection(port: daemon.port)
        connection.send("GET /healthz HTTP/1.1\r\n\r\n")

        #expect(connection.receive().hasPrefix("HTTP/1.1 400"))
    }

    @Test(arguments: [
        (["Forwarded": "for=10.0.0.1;proto=https;host=\"k.example:8443\""], "https://k.example:8443/uploads/"),
        (["Forwarded": "host=evil.example, proto=https;host=k.example"], "https://k.example/uploads/"),
        (["X-Forwarded-Proto": "https", "X-Forwarded-Host": "k.example"], "https://k.example/uploads/"),
        (["X-Forwarded-Host": "k.example/\u{22}><script>"], "http://127.0.0.1:"),
    ])
    func `behind a proxy that is trusted, links are as the client asked`(
        _ headers: [String: String], _ expected: String
    ) async throws {
        let trusting = try await DaemonProcess(
            storage: folder.path.appending("store"), environment: ["KEEPSAKE_SERVER_TRUST_FORWARDED": "true"])
        let trusted = try await location(trusting, headers)
        trusting.stop(SIGTERM)
        let other = try await DaemonProcess(storage: folder.path.appending("store"))
        let untrusted = try await location(other, headers)

        #expect(trusted.hasPrefix(expected))
        #expect(untrusted.hasPrefix("http://127.0.0.1:"))
    }

    @Test func `pages of configured origins may use the API, and others may not`() async throws {
        let daemon = try await DaemonProcess(
            storage: folder.path.appending("store"),
            environment: ["KEEPSAKE_SERVER_ALLOWED_ORIGINS": "https://case.example"])
        let asking = ["Access-Control-Request-Method": "PATCH"]
        let client = daemon.client.with(token: nil)
        let known = ["Origin": "https://case.example"]
        let preflight = try await client.send("OPTIONS", "/uploads/x", headers: asking.merging(known) { $1 })
        let api = try await client.send("OPTIONS", "/v1/children/x/artefacts", headers: asking.merging(known) { $1 })
        let answer = try await daemon.client.get("/v1/children", headers: known)
        let refused = try await client.get("/v1/children", headers: known)
        let stranger = try await daemon.client.get("/v1/children", headers: ["Origin": "https://evil.example"])
        let page = try await client.get("/sign-in", headers: known)

        for preflight in [preflight, api] {
            #expect(preflight.status == 200)
            #expect(preflight.headers["access-control-allow-origin"] == "https://case.example")
            #expect(preflight.headers["access-control-allow-methods"]?.contains("PATCH") == true)
            #expect(preflight.headers["access-control-allow-headers"]?.contains("Upload-Offset") == true)
            #expect(preflight.headers["access-control-allow-credentials"] == nil)
        }
        #expect(answer.headers["access-control-allow-origin"] == "https://case.example")
        #expect(answer.headers["access-control-expose-headers"]?.contains("Upload-Offset") == true)
        #expect(answer.headers["vary"] == "Origin")
        #expect(refused.status == 401)
        #expect(refused.headers["access-control-allow-origin"] == "https://case.example")
        #expect(stranger.headers["access-control-allow-origin"] == nil)
        #expect(page.headers["access-control-allow-origin"] == nil)
    }

    // MARK: Helpers

    private struct Curl {
        let status: Int32
        let output: String

        var href: String? { output.firstMatch(of: /"href":"([^"]+)"/).map { String($0.1) } }
    }

    private func curl(_ arguments: [String], _ daemon: DaemonProcess) async throws -> Curl {
        let command = try await Command.run(
            "/usr/bin/curl",
            ["-s", "-S", "--max-time", "30", "-H", "Authorization: Bearer \(daemon.client.token ?? "")"] + arguments)
        return Curl(status: command.status, output: command.output + command.errors)
    }

    private func addChild(_ daemon: DaemonProcess, _ certificate: String) async throws -> String {
        let added = try await curl(
            [
                "--cacert", certificate, "-d", #"{"preferredName": "Amira"}"#,
                "https://localhost:\(daemon.port)/v1/children",
            ], daemon)
        return try #require(added.output.firstMatch(of: /"id":"([^"]+)"/).map { String($0.1) })
    }

    /// A certificate for localhost that vouches for itself.
    private func certificate() async throws -> (String, String) {
        let (certificate, key) = (folder.path.appending("c.pem").string, folder.path.appending("k.pem").string)
        let made = try await Command.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
                certificate,
            ])
        try #require(made.status == 0, "\(made.errors)")
        return (certificate, key)
    }

    private func location(_ daemon: DaemonProcess, _ headers: [String: String]) async throws -> String {
        let child = try await daemon.client.addChild()
        let answer = try await daemon.client.send(
            "POST", "/uploads",
            headers: headers.merging([
                "Tus-Resumable": "1.0.0", "Upload-Length": "5",
                "Upload-Metadata": "child \(Data(child.utf8).base64EncodedString())",
            ]) { $1 })
        return try #require(answer.headers["location"])
    }
}
