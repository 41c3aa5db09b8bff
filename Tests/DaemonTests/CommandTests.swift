import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite(.serialized) struct CommandTests {
    private let folder: TemporaryDirectory
    private let daemon: DaemonProcess
    private let environment: [String: String]

    init() async throws {
        folder = try TemporaryDirectory()
        daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        environment = [
            "KEEPSAKE_SERVER": "http://127.0.0.1:\(daemon.port)", "KEEPSAKE_TOKEN": daemon.client.token ?? "",
            "XDG_STATE_HOME": folder.path.appending("state").string,
        ]
    }

    @Test func `what was put is got, byte for byte`() async throws {
        let child = try await keepsake("child", "add", "Amira", "--external-id", "mosaic=7").line
        let listed = try await keepsake("child", "list").line
        let artefact = try await keepsake(
            "put", Samples.path("photo.jpg").string, "--child", child, "--caption", "You laughed."
        ).line
        let copy = folder.path.appending("copy.jpg").string
        let got = try await keepsake("get", artefact, "-o", copy)
        let timeline = try await keepsake("timeline", child).line

        #expect(listed == "\(child)\tAmira")
        #expect(got.status == 0)
        #expect(Array(try Data(contentsOf: URL(fileURLWithPath: copy))) == (try Samples.bytes("photo.jpg")))
        #expect(timeline == "\(artefact)\t2026-05-01T13:30:15.250Z\tkept\timage/jpeg\tphoto.jpg")
    }

    @Test func `where it was made is said in a line, as JSON, or in a sentence that it is not known`() async throws {
        let child = try await daemon.client.addChild()
        let photo = try await keepsake("put", Samples.path("located/photo.jpg").string, "--child", child).line
        let drawing = try await keepsake("put", Samples.path("drawing.png").string, "--child", child).line

        let location = try await keepsake("location", photo)
        let json = try await keepsake("location", photo, "--json")
        let unknown = try await keepsake("location", drawing)
        let parts = location.line.split(separator: "\t", omittingEmptySubsequences: false)
        let answer = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]

        #expect(parts.count == 4)
        #expect(abs(try #require(Double(parts[0])) - 51.507351) < 0.00002)
        #expect(abs(try #require(Double(parts[1])) - -0.127758) < 0.00002)
        #expect(parts.suffix(2) == ["", "exif"])
        #expect(answer?["latitude"] as? Double == Double(parts[0]))
        #expect(answer?["source"] as? String == "exif")
        #expect(unknown.status == 1)
        #expect(unknown.errors.contains("does not tell where it was made"))
    }

    @Test func `words are found, and said in the lines of a timeline`() async throws {
        let child = try await daemon.client.addChild()
        let artefact = try await keepsake(
            "put", Samples.path("drawing.png").string, "--child", child, "--caption", "You drew our café.",
            "--alt-text", "A house of stone", "--language", "en-gb"
        ).line

        let described = try await keepsake("search", child, "--json", "stone")
        let found = try await keepsake("search", child, "drew", "caf").line
        let timeline = try await keepsake("timeline", child).line
        let nothing = try await keepsake("search", child, "elephant")
        let bad = try await keepsake("search", child, "...")

        #expect(found.hasPrefix(artefact))
        #expect(found == timeline)
        #expect(described.output.contains(#""altText":"A house of stone""#))
        #expect(described.output.contains(#""language":"en-GB""#))
        #expect(nothing.status == 0)
        #expect(nothing.output.isEmpty)
        #expect(bad.status == 1)
        #expect(bad.errors.contains("at least one word"))
    }

    @Test func `a refused file is said, and the others are put`() async throws {
        let child = try await daemon.client.addChild()

        let put = try await keepsake(
            "put", Samples.path("holiday.jpg").string, Samples.path("drawing.png").string,
            Samples.path("empty.jpg").string,
            "--child", child)
        let timeline = try await daemon.client.get("/v1/children/\(child)/timeline")

        #expect(put.status == 1)
        #expect(put.errors.contains("is a program"))
        #expect(put.errors.contains("is empty"))
        #expect(timeline.count("items") == 1)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a put that is killed goes on where it stood`() async throws {
        let child = try await daemon.client.addChild()
        let file = try folder.file("long.bin", Data())
        try #require(truncate(file.string, 768 << 20) == 0)
        let first = Process()
        first.executableURL = URL(fileURLWithPath: BuildProducts.path(of: "keepsake").string)
        first.arguments = ["put", file.string, "--child", child]
        first.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        try first.run()
        let uploads = daemon.storage.appending("uploads").string
        var upload: String?
        var offset = 0
        while offset < 32 << 20, first.isRunning {
            upload = try FileManager.default.contentsOfDirectory(atPath: uploads).first { $0.hasSuffix(".upload") }
            if let upload {
                offset = Int(try await daemon.client.get("/v1/uploads/\(upload.prefix(32))")["offset"] ?? "0") ?? 0
            }
        }
        try #require(first.isRunning, "it was too fast to be killed")
        kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
        let id = try #require(upload).prefix(32)

        let second = try await keepsake("put", file.string, "--child", child)
        let outcome = try await daemon.client.get("/v1/uploads/\(id)")

        #expect(second.status == 0)
        #expect(outcome["artefact"] == second.line, "the upload that had begun was taken up")
    }

    @Test func `what is wrong is said in a sentence`() async throws {
        let noServer = try await Command.run(
            BuildProducts.path(of: "keepsake"), ["child", "list"],
            environment: environment.merging(["KEEPSAKE_SERVER": "http://127.0.0.1:1"]) { $1 })
        let noToken = try await Command.run(
            BuildProducts.path(of: "keepsake"), ["child", "list"],
            environment: environment.merging(["KEEPSAKE_TOKEN": ""]) { $1 })
        let noFile = try await keepsake("put", "/nowhere.jpg", "--child", "x")
        let noChild = try await keepsake("timeline", "01a20cdc-ce42-73e0-8d3c-a3ffcaa2260c")

        #expect(noServer.status == 1)
        #expect(noServer.errors.contains("cannot be reached"))
        #expect(noToken.status == 64)
        #expect(noFile.status == 64)
        #expect(noChild.status == 1)
        #expect(noChild.errors.contains("nothing here that you may see"))
    }

    @Test(arguments: [
        ["serve"], ["put"], ["child", "add"], ["child", "list"], ["timeline"], ["search"], ["get"], ["location"],
        ["export"],
        ["token", "create"], ["inspect"],
    ])
    func `every command explains itself`(_ command: [String]) async throws {
        let help = try await Command.run(BuildProducts.path(of: "keepsake"), command + ["--help"])

        #expect(help.status == 0)
        #expect(help.output.contains("OVERVIEW"))
    }

    private func keepsake(_ arguments: String...) async throws -> Command {
        try await Command.run(BuildProducts.path(of: "keepsake"), arguments, environment: environment)
    }
}

extension Command {
    /// The output without its last line break.
    fileprivate var line: String { output.trimmingCharacters(in: .newlines) }
}
