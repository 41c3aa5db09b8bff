import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite(.serialized) struct GarbageTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    @Test(.timeLimit(.minutes(5)))
    func `gc says what it would remove, waits for the daemon to be stopped, and leaves what is linked`() async throws {
        let storage = folder.path.appending("store")
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await daemon.client.addChild()
        let added = try await daemon.client.add(try Samples.bytes("located/photo.jpg"), named: "p.jpg", to: child)
        let place = try #require(try storage.places().first)
        let linked = try #require(try storage.blobs().first)
        // As a request leaves it that died between storing and linking.
        let shard = storage.appending("blobs").appending("sha256").appending("aa").appending("aa")
        try FileManager.default.createDirectory(atPath: shard.string, withIntermediateDirectories: true)
        let orphan = shard.appending(String(repeating: "a", count: 64))
        try FileManager.default.copyItem(atPath: linked.string, toPath: orphan.string)
        let nobody = "01900000-0000-7000-8000-0000000000\(try #require(place.stem).suffix(2))"
        let orphanPlace = place.removingLastComponent().appending("\(nobody).json")
        try FileManager.default.copyItem(atPath: place.string, toPath: orphanPlace.string)
        func gc(_ arguments: String...) async throws -> Command {
            try await Command.run(
                BuildProducts.path(of: "keepsake"), ["gc", "--storage", storage.string] + arguments)
        }

        let inGrace = try await gc("--dry-run")
        let would = try await gc("--dry-run", "--grace-hours", "0")
        let tooEarly = try await gc("--grace-hours", "0")
        daemon.stop(SIGTERM)
        let done = try await gc("--grace-hours", "0", "--json")

        #expect(inGrace.output.hasPrefix("0 files"))
        #expect(would.output.contains("sha256:aaaa"))
        #expect(would.output.contains("place of the artefact \(nobody), which there is not\n"))
        #expect(would.output.hasSuffix("would be removed. Places of no artefact: 1.\n"))
        #expect(tooEarly.status == 1)
        #expect(tooEarly.errors.contains("Stop it first"))
        #expect(done.status == 0, "\(done.errors)")
        #expect(done.output.contains("sha256:aaaa"))
        #expect(done.output.contains(#""places":["\#(nobody)"]"#))
        #expect(try storage.blobs() == [linked])
        #expect(try storage.places() == [place])
        let again = try await DaemonProcess(storage: storage)
        let content = try await again.client.get(try #require(added["artefact.href"]) + "/content")
        #expect(content.status == 200)
    }
}
