import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite struct InspectCommandTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    @Test(arguments: [
        ("photo.jpg", "accept", "image/jpeg"), ("drawing.png", "accept", "image/png"),
        ("clip.mov", "accept", "video/quicktime"), ("voice.opus", "accept", "audio/ogg"),
        ("letter.pdf", "accept", "application/pdf"), ("letter.txt", "accept", "text/plain"),
        ("cut-short.jpg", "hold", "image/jpeg"), ("holiday.jpg", "refuse", "application/x-executable"),
        ("empty.jpg", "refuse", "inode/x-empty"),
    ])
    func `each file is one line of JSON with its verdict`(_ name: String, _ verdict: String, _ type: String)
        async throws
    {
        let inspect = try await inspect(Samples.path(name).string)
        let line = try #require(try lines(inspect).first)

        #expect(inspect.status == 0, "\(inspect.errors)")
        #expect(line["path"] as? String == Samples.path(name).string)
        #expect(line["verdict"] as? String == verdict)
        #expect(line["mimeType"] as? String == type)
        #expect(line.keys.contains("puid"))
        #expect((line["reasons"] as? [String])?.isEmpty == (verdict == "accept"))
        #expect((line["captured"] as? [String: Any])?["source"] != nil)
        #expect((line["media"] as? [String: Any])?["codecs"] != nil)
    }

    @Test func `dates, sizes and a wrong extension are in the line`() async throws {
        let copy = try folder.file("IMG_1.HEIC", try Samples.bytes("photo.jpg"))

        let line = try #require(try lines(try await inspect(copy.string, "--json")).first)
        let captured = try #require(line["captured"] as? [String: Any])

        #expect(captured["at"] as? String == "2026-05-01T13:30:15.250Z")
        #expect(captured["offset"] as? String == "+01:00")
        #expect(captured["source"] as? String == "exifOriginal")
        #expect((line["media"] as? [String: Any])?["width"] as? Int == 480)
        #expect(line["notes"] as? [String] == ["extensionMismatch"])
        #expect(line["rule"] as? String == "picture")
    }

    @Test func `several files are several lines, and one that cannot be read fails the command alone`() async throws {
        let inspect = try await inspect(
            Samples.path("photo.jpg").string, "/nowhere/photo.jpg", folder.path.string,
            Samples.path("letter.txt").string)
        let lines = try lines(inspect)

        #expect(inspect.status == 1)
        #expect(lines.map { $0["verdict"] as? String } == ["accept", "accept"])
        #expect(inspect.errors.contains("/nowhere/photo.jpg: There is no such file."))
        #expect(inspect.errors.contains("This is a folder"))
    }

    @Test func `people get lines with the rule that decided`() async throws {
        let inspect = try await Command.run(
            "/usr/bin/script",
            [
                "-qec", "\(BuildProducts.path(of: "keepsake")) inspect --explain \(Samples.path("cut-short.jpg"))",
                "/dev/null",
            ])

        #expect(inspect.output.contains("image/jpeg"))
        #expect(inspect.output.contains("no: no end-of-image marker"))
        #expect(inspect.output.contains("→ 2026:05:01 14:30:15.250+01:00 (exifOriginal, confidence A)"))
        #expect(inspect.output.contains("hold (by the rule “cut short”)"))
        #expect(inspect.output.contains("please send it again"))
    }

    @Test func `a name does not steer the terminal`() async throws {
        let file = try folder.file("a\u{1B}[2Jb\u{202E}c.jpg", try Samples.bytes("photo.jpg"))

        let inspect = try await Command.run(
            "/usr/bin/script",
            ["-qec", "\(BuildProducts.path(of: "keepsake")) inspect '\(file)'", "/dev/null"])

        #expect(inspect.output.contains("a?[2Jb?c.jpg"))
        #expect(inspect.output.contains("image/jpeg"))
    }

    @Test func `a policy beside the configuration decides, and a bad one is named`() async throws {
        let configuration = try folder.file("keepsake.yaml", "log:\n  level: info\n".utf8)
        _ = try folder.file("formats.yaml", Self.policy("We are not sure about drawings.").utf8)
        let decided = try await inspect("--config", configuration.string, Samples.path("drawing.png").string)
        _ = try folder.file("formats.yaml", "types: {}\nrule: []\n".utf8)
        let bad = try await inspect("--config", configuration.string, Samples.path("drawing.png").string)

        #expect(try lines(decided).first?["verdict"] as? String == "hold")
        #expect(try lines(decided).first?["reasons"] as? [String] == ["We are not sure about drawings."])
        #expect(bad.status == 1)
        #expect(bad.errors.contains("Line 2: “rule” is no key here"))
    }

    @Test func `a large file is looked at in little memory, and leaves nothing behind`() async throws {
        let file = try folder.file("long.mp4", try Samples.bytes("video.mp4"))
        let size = try Samples.bytes("video.mp4").count
        try #require(truncate(file.string, 256 << 20) == 0)

        let inspect = try await Command.run(
            "/usr/bin/env",
            [
                "bash", "-c", "ulimit -d 196608; exec \"$0\" inspect \"$1\"", BuildProducts.path(of: "keepsake").string,
                file.string,
            ],
            environment: ["TMPDIR": folder.path.string])

        #expect(size < 8 << 20)
        #expect(try lines(inspect).count == 1, "\(inspect.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path.string) == ["long.mp4"])
    }

    @Test func `without an inspector nothing is claimed, and the command fails`() async throws {
        let inspect = try await Command.run(
            BuildProducts.path(of: "keepsake"), ["inspect", Samples.path("photo.jpg").string],
            environment: ["KEEPSAKE_INSPECTION_EXECUTABLE": "/nowhere/inspector"])
        let line = try #require(try lines(inspect).first)

        #expect(inspect.status == 1)
        #expect(line["verdict"] as? String == "hold")
        #expect((line["reasons"] as? [String])?.first?.contains("could not be started") == true)
    }

    @Test func `without a file it says how it is used`() async throws {
        #expect(try await inspect().status == 64)
    }

    /// A policy that has one sentence for drawings, and accepts what else there is.
    static func policy(_ sentence: String) -> String {
        """
        types: {others: [image/jpeg, text/plain]}
        rules:
          - name: others
            when: {type: others}
            verdict: accept
        otherwise:
          verdict: hold
          say: \(sentence)
        """
    }

    private func inspect(_ arguments: String...) async throws -> Command {
        try await Command.run(
            BuildProducts.path(of: "keepsake"), ["inspect"] + arguments, environment: ["TMPDIR": folder.path.string])
    }

    private func lines(_ command: Command) throws -> [[String: Any]] {
        try command.output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }
}
