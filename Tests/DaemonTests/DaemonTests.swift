import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite(.serialized) struct DaemonTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    @Test func `the daemon links no parser of untrusted bytes`() async throws {
        let daemon = try await libraries(of: "keepsake")
        let inspector = try await libraries(of: "keepsake-inspector")
        let recordings = try await libraries(of: "keepsake-recording-inspector")
        let renderer = try await libraries(of: "keepsake-renderer")

        for parser in ["libmagic", "libav", "libxml2", "libzip", "libvips", "libpoppler", "libheif", "libcairo"] {
            #expect(!daemon.contains(parser))
        }
        for parser in ["libmagic", "libxml2"] { #expect(inspector.contains(parser)) }
        for parser in ["libmagic", "libxml2", "libavformat"] { #expect(recordings.contains(parser)) }
        for parser in ["libvips", "libpoppler", "libzip", "libavcodec"] { #expect(renderer.contains(parser)) }
    }

    @Test func `what opens recordings is loaded only where recordings are opened`() async throws {
        let inspector = try await libraries(of: "keepsake-inspector")

        for library in ["libav", "libswresample", "libx264"] { #expect(!inspector.contains(library)) }
    }

    private func libraries(of program: String) async throws -> String {
        try await Command.run("/usr/bin/ldd", [BuildProducts.path(of: program).string]).output
    }

    @Test func `the first start says where it listens, how to sign in and where the data lies; later starts no link`()
        async throws
    {
        let storage = folder.path.appending("store")
        let first = try await DaemonProcess(storage: storage)
        let (welcome, ready, health) = (
            first.welcome, try await first.client.get("/readyz"),
            try await first.client.with(token: nil).get("/healthz")
        )
        let status = first.stop(SIGTERM)
        let second = try await DaemonProcess(storage: storage)

        #expect(welcome.contains("/sign-in?token="))
        #expect(welcome.contains("data lies in \(storage)"))
        #expect(ready.status == 200)
        #expect(health.status == 200)
        #expect(status == 0)
        #expect(!second.welcome.contains("/sign-in?token="))
    }

    @Test func `a second daemon on the same store says what to do`() async throws {
        let storage = folder.path.appending("store")
        let first = try await DaemonProcess(storage: storage)

        let second = try await Command.run(
            BuildProducts.path(of: "keepsake"), ["serve", "--storage", storage.string, "--port", "0"])

        #expect(second.status == 1)
        #expect(second.errors.contains("Stop it first"))
        withExtendedLifetime(first) {}
    }

    @Test func `a setting that does not fit is named`() async throws {
        let file = try folder.file("bad.yaml", "server:\n  port: many\n".utf8)

        let daemon = try await Command.run(BuildProducts.path(of: "keepsake"), ["serve", "--config", file.string])
        let missing = try await Command.run(BuildProducts.path(of: "keepsake"), ["serve", "--config", "/nowhere.yaml"])

        #expect(daemon.status == 1)
        #expect(daemon.errors.contains("server.port"))
        #expect(missing.status == 1)
    }

    @Test func `every unknown address and method is a problem`() async throws {
        let daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        let child = try await daemon.client.addChild()

        #expect(try await daemon.client.get("/v1/nothing").status == 404)
        #expect(try await daemon.client.get("/v1/nothing").headers["content-type"] == "application/problem+json")
        #expect(try await daemon.client.get("/v1/children/\(child)/timeline?colour=red").status == 400)
        #expect(try await daemon.client.get("/v1/children/\(child)/timeline?limit=0").status == 400)
        #expect(try await daemon.client.get("/v1/children/\(child)/timeline?cursor=xyz").status == 400)
        #expect(try await daemon.client.get("/v1/children?externalId=mosaic").status == 400)
        for body in [
            "", "[]", "{}", #"{"preferredName":""}"#, #"{"preferredName":"x","colour":"red"}"#, #"{"preferredName":7}"#,
            #"{"preferredName":"x","dateOfBirth":"2017-02-30"}"#,
        ] {
            let answer = try await daemon.client.send("POST", "/v1/children", body: Array(body.utf8))
            #expect(answer.status == 400, "\(body)")
            #expect(answer["detail"] != nil)
        }
        #expect(
            try await daemon.client.send("POST", "/v1/children", body: [UInt8](repeating: 32, count: 70_000)).status
                == 413)
    }

    @Test func `lists are paged with opaque cursors and links`() async throws {
        let daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        for index in 0..<5 { _ = try await daemon.client.addChild("Child \(index)") }

        var path: String? = "/v1/children?limit=2&query=CHILD"
        var names: [String] = []
        while let next = path {
            let page = try await daemon.client.get(next)
            names += (0..<page.count("items")).compactMap { page["items.\($0).preferredName"] }
            path = page.headers["link"]?.firstMatch(of: /<([^>]+)>; rel="next"/).map { String($0.1) }
        }

        #expect(names == (0..<5).map { "Child \($0)" })
    }

    @Test(.timeLimit(.minutes(5)), .enabled(if: getuid() == 0, "mounting a small disk needs root"))
    func `a full disk is said, and loses nothing that was acknowledged`() async throws {
        let disk = folder.path.appending("disk")
        try FileManager.default.createDirectory(atPath: disk.string, withIntermediateDirectories: true)
        let mounted = try await Command.run("/bin/mount", ["-t", "tmpfs", "-o", "size=48m", "tmpfs", disk.string])
        try #require(mounted.status == 0, "\(mounted.errors)")
        do {
            let daemon = try await DaemonProcess(
                storage: disk.appending("store"), environment: ["KEEPSAKE_UPLOADS_RESERVE_BYTES": "4194304"])
            let client = daemon.client
            let child = try await client.addChild()
            let small = try await client.add(try Samples.bytes("drawing.png"), named: "d.png", to: child)
            let announced = try await client.begin(100 << 20, to: child)
            let upload = try #require(try await client.begin(40 << 20, to: child).headers["location"])
            let url = "/uploads/\(upload.suffix(32))"
            _ = try await Command.run("/bin/dd", ["if=/dev/zero", "of=\(disk)/ballast", "bs=1M", "count=20"])
            let piece = [UInt8](repeating: 7, count: 40 << 20)

            let file = try folder.file("piece", piece)
            let answer = try await curl(
                "-X", "PATCH", "http://127.0.0.1:\(daemon.port)\(url)", "-H", "Tus-Resumable: 1.0.0", "-H",
                "Upload-Offset: 0",
                "-H", "Content-Type: application/offset+octet-stream", by: client, sending: file)
            let before = try #require(try await client.offset(url).offset)
            let refused = try await curl(
                "http://127.0.0.1:\(daemon.port)/v1/children/\(child)/artefacts", by: client, sending: file)
            daemon.stop(SIGKILL)
            let again = try await DaemonProcess(
                storage: disk.appending("store"), environment: ["KEEPSAKE_UPLOADS_RESERVE_BYTES": "1048576"])
            let owner = again.client.with(token: client.token)
            let after = try #require(try await owner.offset(url).offset)
            try FileManager.default.removeItem(atPath: disk.appending("ballast").string)
            let rest = try await owner.patch(url, at: after, Array(piece[after...]))

            #expect(small.status == 201)
            #expect(announced.status == 507)
            #expect(answer.contains("/problems/no-space") && answer.hasSuffix("507"), "\(answer)")
            #expect(refused.contains("/problems/no-space") && refused.hasSuffix("507"), "\(refused)")
            #expect(after == before)
            #expect(rest.status == 204)
            again.stop(SIGKILL)
        } catch {
            _ = try await Command.run("/bin/umount", ["-l", disk.string])
            throw error
        }
        _ = try await Command.run("/bin/umount", ["-l", disk.string])
    }

    /// The body and then the status, as a client sees it that is refused while it sends.
    private func curl(_ arguments: String..., by client: TestClient, sending file: FilePath) async throws -> String {
        try await Command.run(
            "/usr/bin/curl",
            [
                "-s", "-w", "%{http_code}", "-H", "Authorization: Bearer \(client.token ?? "")", "--data-binary",
                "@\(file)",
            ]
                + arguments
        ).output
    }
}
