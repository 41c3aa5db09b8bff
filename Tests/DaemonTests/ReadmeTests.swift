import Foundation
import SystemPackage
import TestSupport
import Testing

/// What README tells a newcomer to type is typed.
@Suite(.serialized) struct ReadmeTests {
    private static let root = Samples.folder.removingLastComponent().removingLastComponent()

    @Test(.timeLimit(.minutes(5)), arguments: ["With curl", "With keepsake"])
    func `a session of the README works as it stands`(_ section: String) async throws {
        let folder = try TemporaryDirectory()
        let daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        let readme = try String(contentsOfFile: Self.root.appending("README.md").string, encoding: .utf8)
        let block = try #require(readme.split(separator: "## \(section)\n").last?.split(separator: "```")[1])
        let session = String(block.drop { $0 != "\n" })
            .replacing("http://127.0.0.1:8080", with: "http://127.0.0.1:\(daemon.port)")
            .replacing(".build/release/keepsake", with: BuildProducts.path(of: "keepsake").string)
            .replacing("Tests/Samples", with: Samples.folder.string)

        let result = try await Command.run(
            "/usr/bin/env", ["-C", folder.path.string, "bash", "-euc", session],
            environment: [
                "KEEPSAKE_SERVER": "http://127.0.0.1:\(daemon.port)", "KEEPSAKE_STORAGE": daemon.storage.string,
                "XDG_STATE_HOME": folder.path.string,
            ])
        let children = try await daemon.client.get("/v1/children")
        let child = try #require(children["items.0.id"])
        let timeline = try await daemon.client.get("/v1/children/\(child)/timeline")

        #expect(result.status == 0, "\(result.errors)")
        #expect(timeline["items.0.artefact.state"] == "kept")
        #expect(
            try !FileManager.default.contentsOfDirectory(atPath: folder.path.string).filter { $0.hasPrefix("copy.") }
                .isEmpty)
    }
}
