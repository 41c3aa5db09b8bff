import Foundation
import SystemPackage
import TestSupport
import Testing

/// The policy of a daemon that runs.
@Suite(.serialized) struct PolicyTests {
    private let folder: TemporaryDirectory
    private let configuration: FilePath

    init() throws {
        folder = try TemporaryDirectory()
        configuration = try folder.file("keepsake.yaml", "log:\n  level: info\n".utf8)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a changed policy decides about the next file, and a bad one changes nothing`() async throws {
        let daemon = try await start(InspectCommandTests.policy("First words."))
        let child = try await daemon.client.addChild()
        let first = try await add("drawing.png", to: child, daemon)
        _ = try folder.file("formats.yaml", InspectCommandTests.policy("Second words.").utf8)
        kill(daemon.identifier, SIGHUP)
        try await Processes.wait { daemon.log.contains("the new one is in force") ? () : nil }
        let second = try await add("drawing.png", to: child, daemon)
        _ = try folder.file(
            "formats.yaml", InspectCommandTests.policy("Third words.").replacing("hold", with: "hald").utf8)
        kill(daemon.identifier, SIGHUP)
        try await Processes.wait { daemon.log.contains("stays as it was") ? () : nil }
        let third = try await add("drawing.png", to: child, daemon)

        #expect(first["artefact.reasons.0"] == "First words.")
        #expect(second["artefact.reasons.0"] == "Second words.")
        #expect(third["artefact.reasons.0"] == "Second words.")
        #expect(daemon.log.contains("Line 7: “hald” is no verdict; there is accept, hold, refuse."))
    }

    @Test(.timeLimit(.minutes(5)))
    func `a change is also seen without a signal`() async throws {
        let daemon = try await start(InspectCommandTests.policy("First words."))
        let child = try await daemon.client.addChild()
        _ = try folder.file("formats.yaml", InspectCommandTests.policy("Second words.").utf8)
        try await Processes.wait { daemon.log.contains("the new one is in force") ? () : nil }

        let added = try await add("drawing.png", to: child, daemon)

        #expect(added["artefact.reasons.0"] == "Second words.")
    }

    @Test func `what the policy lets only be saved is not shown, and what was decided before stays`() async throws {
        let shown = "rules:\n  - {name: drawing, when: {type: image/png}, verdict: accept}"
        let policy = InspectCommandTests.policy("Held.").replacing("rules:", with: shown)
        let daemon = try await start(policy)
        let child = try await daemon.client.addChild()
        let before = try #require(try await add("drawing.png", to: child, daemon)["artefact.href"])
        _ = try folder.file(
            "formats.yaml", policy.replacing("verdict: accept}", with: "verdict: accept, serve: download}").utf8)
        kill(daemon.identifier, SIGHUP)
        try await Processes.wait { daemon.log.contains("the new one is in force") ? () : nil }
        let after = try #require(try await add("drawing.png", to: child, daemon)["artefact.href"])

        let (inline, saved) = (
            try await daemon.client.get(before + "/content"), try await daemon.client.get(after + "/content")
        )

        #expect(inline.headers["content-disposition"]?.hasPrefix("inline;") == true)
        #expect(saved.status == 200)
        #expect(saved.headers["content-disposition"]?.hasPrefix("attachment;") == true)
        #expect(saved.headers["content-type"] == "image/png")
    }

    @Test func `a policy that was named and is not there is said`() async throws {
        let daemon = try await Command.run(
            BuildProducts.path(of: "keepsake"),
            ["serve", "--config", configuration.string, "--storage", folder.path.appending("store").string],
            environment: ["KEEPSAKE_INSPECTION_POLICY": "/nowhere/formats.yaml"])

        #expect(daemon.status == 1)
        #expect(daemon.errors.contains("/nowhere/formats.yaml cannot be used. There is no such file"))
    }

    @Test func `with a bad policy the daemon does not start, and says which line`() async throws {
        _ = try folder.file("formats.yaml", "types: {}\nrules: []\n".utf8)

        let daemon = try await Command.run(
            BuildProducts.path(of: "keepsake"),
            ["serve", "--config", configuration.string, "--storage", folder.path.appending("store").string])

        #expect(daemon.status == 1)
        #expect(daemon.errors.contains("formats.yaml cannot be used. Line 2: “rules” must be a list"))
        #expect(!FileManager.default.fileExists(atPath: folder.path.appending("store").string))
    }

    @Test func `what is refused for its name is refused with the words of the policy, before it is all there`()
        async throws
    {
        let daemon = try await start(nil)
        let child = try await daemon.client.addChild()

        let script = try await daemon.client.add(
            Array("alert(1)\n".utf8), named: "a.js", to: child)
        let helper = try await daemon.client.add(Array("x".utf8), named: "desktop.ini", to: child)

        #expect(script.status == 422)
        #expect(script["detail"]?.contains("going by its name") == true)
        #expect(helper.status == 422)
        #expect(helper["detail"]?.contains("hidden helper file") == true)
    }

    private func start(_ policy: String?) async throws -> DaemonProcess {
        if let policy { _ = try folder.file("formats.yaml", policy.utf8) }
        return try await DaemonProcess(
            storage: folder.path.appending("store"), arguments: ["--config", configuration.string])
    }

    private func add(_ sample: String, to child: String, _ daemon: DaemonProcess) async throws -> TestClient.Answer {
        try await daemon.client.add(try Samples.bytes(sample), named: sample, to: child)
    }
}
