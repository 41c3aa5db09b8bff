import Foundation
import SystemPackage
import TestSupport
import Testing

/// The daemon with the real clamd, which knows one signature.
@Suite(.serialized) struct ScanningTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    @Test(.timeLimit(.minutes(5)))
    func `what is found is held with a sentence, what is clean is kept, and both are counted`() async throws {
        let clamd = try await ClamDaemon(in: folder.path)
        let daemon = try await daemon()
        let child = try await daemon.client.addChild()

        let harmful = try await daemon.client.add(ClamDaemon.eicar, named: "secret-name.txt", to: child)
        let drawing = try await daemon.client.add(try Samples.bytes("drawing.png"), named: "d.png", to: child)
        let program = try await daemon.client.add(try Samples.bytes("holiday.jpg"), named: "h.jpg", to: child)
        let content = try await daemon.client.get(try #require(harmful["artefact.href"]) + "/content")
        let timeline = try await daemon.client.get("/v1/children/\(child)/timeline")
        let system = daemon.client.with(token: try await daemon.token(["--role", "system"]))
        let metrics = try await system.get("/metrics").text

        #expect(harmful.status == 201)
        #expect(harmful["artefact.state"] == "held")
        #expect(harmful["artefact.reasons.0"]?.contains("check for viruses") == true)
        #expect(drawing["artefact.state"] == "kept")
        #expect(program.status == 422)
        #expect(content.status == 409)
        #expect(timeline.count("items") == 2)
        #expect(metrics.contains(#"keepsake_scans_total{result="found"} 1"#), "\(metrics)")
        #expect(metrics.contains(#"keepsake_scans_total{result="clean"}"#))
        let released = try await daemon.client.send(
            "POST", try #require(harmful["artefact.href"]) + "/release")
        #expect(released.status == 409)
        #expect(released["type"] == "/problems/not-clean")
        #expect(metrics.contains(#"keepsake_stage_seconds_count{stage="scan"}"#))
        #expect(daemon.log.contains(ClamDaemon.signature))
        #expect(!daemon.log.contains("secret"))
        for answer in [harmful, content, timeline] { #expect(!answer.text.contains("Keepsake.Test")) }
        withExtendedLifetime(clamd) {}
    }

    @Test(.timeLimit(.minutes(5)))
    func `while the scanner is away files wait, safe, and go on by themselves when it is back`() async throws {
        let daemon = try await daemon()
        let child = try await daemon.client.addChild()

        let drawing = try await daemon.client.add(try Samples.bytes("drawing.png"), named: "d.png", to: child)
        let harmful = try await daemon.client.add(ClamDaemon.eicar, named: "e.txt", to: child)
        let href = try #require(drawing["artefact.href"])
        let content = try await daemon.client.get(href + "/content")
        let page = try await daemon.client.get("/children/\(child)")
        daemon.stop(SIGKILL)
        let again = try await self.daemon()
        let client = again.client.with(token: daemon.client.token)
        let still = try await client.get(href)
        _ = try await client.add(try Samples.bytes("letter.txt"), named: "l.txt", to: child)
        let clamd = try await ClamDaemon(in: folder.path)
        let (kept, held) = (
            try await client.settled(href), try await client.settled(try #require(harmful["artefact.href"]))
        )

        #expect(drawing.status == 201)
        #expect(drawing["artefact.state"] == "inspecting")
        #expect(drawing["artefact.mimeType"] == "image/png")
        #expect(content.status == 409)
        #expect(content["detail"]?.contains("is safe, and waits for the check for viruses") == true)
        #expect(page.text.contains("waits for the check for viruses"))
        #expect(still["state"] == "inspecting")
        #expect(kept["state"] == "kept")
        #expect(kept.count("reasons") == 0)
        #expect(held["state"] == "held")
        #expect(daemon.log.count(of: "the scanner does not scan") == 1)
        #expect(again.log.count(of: "the scanner scans again") == 1)
        withExtendedLifetime(clamd) {}
    }

    @Test(.timeLimit(.minutes(5)))
    func `a file that is too large to be scanned is held, and a person may let it through`() async throws {
        let clamd = try await ClamDaemon(in: folder.path)
        let daemon = try await daemon(["KEEPSAKE_SCANNER_MAXIMUM_SIZE": "2000"])
        let child = try await daemon.client.addChild()

        let large = try await daemon.client.add(
            Array(String(repeating: "A long letter. ", count: 200).utf8), named: "l.txt", to: child)
        let small = try await daemon.client.add(Array("A letter.".utf8), named: "s.txt", to: child)
        let href = try #require(large["artefact.href"])
        let before = try await daemon.client.get(href + "/content")
        let released = try await daemon.client.send("POST", href + "/release")
        let after = try await daemon.client.get(href + "/content")

        #expect(large["artefact.state"] == "held")
        #expect(large["artefact.reasons.0"]?.contains("larger") == true)
        #expect(small["artefact.state"] == "kept")
        #expect(before.status == 409)
        #expect(released.status == 200)
        #expect(after.status == 200)
        withExtendedLifetime(clamd) {}
    }

    private func daemon(_ environment: [String: String] = [:]) async throws -> DaemonProcess {
        let socket = ["KEEPSAKE_SCANNER_SOCKET": ClamDaemon.socket(in: folder.path).string]
        return try await DaemonProcess(
            storage: folder.path.appending("store"), environment: environment.merging(socket) { $1 })
    }
}

extension String {
    fileprivate func count(of part: String) -> Int { ranges(of: part).count }
}
