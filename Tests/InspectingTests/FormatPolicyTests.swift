import Artefacts
import Foundation
import InspectionWire
import SystemPackage
import TestSupport
import Testing

@testable import Inspecting

@Suite struct FormatPolicyTests {
    private static let small = """
        types:
          pictures: [image/png, image/jpeg]
        rules:
          - name: picture
            when: {type: [pictures]}
            verdict: accept
        otherwise:
          verdict: hold
          say: "We look at it."

        """

    @Test func `the policy in Config is the one that is built in`() throws {
        let file = Samples.folder.removingLastComponent().removingLastComponent()
            .appending("Config").appending("formats.yaml")

        let written = try FormatPolicy(parsing: String(contentsOfFile: file.string, encoding: .utf8))

        #expect(written == .builtIn)
    }

    @Test func `the first rule that fits decides, and where none does, what is said for otherwise`() throws {
        let policy = try FormatPolicy(
            parsing: Self.small.replacing(
                "rules:\n",
                with: "rules:\n  - name: no locks\n    when: {features: [passwordLocked], type: pictures}\n"
                    + "    verdict: refuse\n    say: No locks.\n"))

        #expect(policy.rule(for: report("image/png", [.passwordLocked]), named: name("a.png")).name == "no locks")
        #expect(policy.rule(for: report("image/png"), named: name("a.png")).name == "picture")
        #expect(policy.rule(for: report("image/gif", [.passwordLocked]), named: name("a.gif")).name == "otherwise")
    }

    @Test func `names fit with a star, in any case, and without the full stop at their beginning`() throws {
        let policy = try FormatPolicy(
            parsing: Self.small.replacing(
                "when: {type: [pictures]}", with: "when: {name: [.DS_Store, \"*.tmp.*\"]}"
            ).replacing("- name: picture", with: "- name: names"))

        for fitting in [".DS_Store", "ds_store", "a.TMP.txt", "._a.tmp.b"] {
            #expect(policy.rule(for: report("text/plain"), named: name(fitting)).name == "names")
        }
        for other in ["a.txt", ".DS_Store.txt", "tmp.txt", "a.tmp"] {
            #expect(policy.rule(for: report("text/plain"), named: name(other)).name == "otherwise")
        }
    }

    @Test(arguments: [
        ("types:", "typs:", "Line 1: “typs” is no key here"),
        ("image/png", "image/pgn", "Line 2: “image/pgn” is no type"),
        ("image/png", "image/PNG", "Line 2: “image/PNG” is no type"),
        ("type: [pictures]", "type: [picture]", "Line 5: “picture” is no type or group of types"),
        ("type: [pictures]", "type: texts/*", "Line 5: “texts/*” is no type or group of types"),
        ("type: [pictures]", "types: [pictures]", "Line 5: “types” is no key here"),
        ("type: [pictures]", "features: [macro]", "Line 5: “macro” is no feature; there is passwordLocked"),
        (
            "type: [pictures]", "wholeness: broken",
            "Line 5: “broken” is no wholeness; there is whole, damaged, unknown."
        ),
        ("type: [pictures]", "puid: [199]", "Line 5: “199” is no PUID"),
        ("type: [pictures]", "extension: [.png]", "Line 5: “.png” is no extension"),
        ("type: [pictures]", "extension: [PNG]", "Line 5: “PNG” is no extension"),
        ("type: [pictures]", "type: []", "Line 5: “type” must be a list with something in it."),
        ("{type: [pictures]}", "{}", "Line 5: “when” must be at least one condition"),
        ("{type: [pictures]}", "pictures", "Line 5: “when” must be keys"),
        ("verdict: accept", "verdict: acept", "Line 6: “acept” is no verdict; there is accept, hold, refuse."),
        ("verdict: accept", "verdict: hold", "“say” is missing"),
        ("verdict: accept", "verdict: accept\n    say: Thanks.", "Line 7: “say” must be left out"),
        (
            "verdict: accept", "verdict: accept\n    serve: inline",
            "Line 7: “inline” is no way to serve; there is download."
        ),
        ("verdict: accept", "verdict: refuse\n    say: No.\n    serve: download", "Line 8: “serve” must be left out"),
        ("    verdict: accept\n", "", "Line 4: “verdict” is missing here."),
        ("  - name: picture\n    when", "  - when", "Line 4: “name” is missing here."),
        ("verdict: hold\n  say: \"We look at it.\"", "verdict: accept", "“verdict” must be hold here"),
        ("otherwise:", "otherwize:", "Line 7: “otherwize” is no key here"),
        ("otherwise:\n  verdict: hold\n  say: \"We look at it.\"\n", "", "“otherwise” is missing here."),
        ("say: \"We look at it.\"", "say: \"We look at it.", "cannot be read"),
        ("  verdict: hold", "  verdict: hold\n  verdict: accept", "“verdict” stands there twice"),
        ("rules:", "rules:\n  - {name: picture, when: {extension: png}, verdict: accept}", "already"),
    ])
    func `a mistake is named, with its line`(_ good: String, _ bad: String, _ sentence: String) {
        let text = Self.small.replacing(good, with: bad)

        let error = #expect(throws: PolicyError.self) { try FormatPolicy(parsing: text) }

        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("\n") == false)
    }

    @Test func `a file cut anywhere is a mistake, not a weaker policy`() throws {
        let bytes = try Data(
            contentsOf: URL(
                fileURLWithPath: Samples.folder.removingLastComponent().removingLastComponent().appending(
                    "Config/formats.yaml"
                ).string))
        let text = String(decoding: bytes, as: UTF8.self)
        let last = try #require(text.range(of: "otherwise:\n  verdict: hold\n  say: \"", options: .backwards))
            .upperBound
        let lines = text[..<last].indices.filter { text[$0] == "\n" }

        for end in lines.enumerated().filter({ $0.offset % 7 == 0 }).map(\.element) {
            #expect(throws: PolicyError.self) { try FormatPolicy(parsing: String(text[...end])) }
        }
    }

    @Test func `a changed file is taken over, and a bad one is said once and changes nothing`() throws {
        let folder = try TemporaryDirectory()
        let file = try folder.file("formats.yaml", Self.small.utf8)
        let current = try CurrentPolicy(file: file)
        let first = current.policy
        let unchanged = try current.reload()
        _ = try folder.file("formats.yaml", Self.small.replacing("verdict: accept", with: "verdict: acept").utf8)
        let error = #expect(throws: PolicyFileError.self) { try current.reload() }
        let again = try current.reload()
        let kept = current.policy
        _ = try folder.file("formats.yaml", Self.small.replacing("accept", with: "hold\n    say: Wait.").utf8)
        let changed = try current.reload()
        let second = current.policy
        try FileManager.default.removeItem(atPath: file.string)
        #expect(throws: PolicyFileError.self) { try current.reload() }

        #expect(!unchanged)
        #expect(error?.description.contains("Line 6: “acept” is no verdict") == true)
        #expect(error?.description.contains(file.string) == true)
        #expect(!again)
        #expect(kept == first)
        #expect(changed)
        #expect(second != first)
        #expect(second.rules.first?.outcome == .hold(say: "Wait."))
        #expect(current.policy == second)
    }

    @Test(arguments: ["nowhere.yaml", "binary.yaml"])
    func `a file that cannot be read is no policy`(_ file: String) throws {
        let folder = try TemporaryDirectory()
        _ = try folder.file("binary.yaml", [0xFF, 0xFE, 0x00, 0x80])

        #expect(throws: PolicyFileError.self) { try CurrentPolicy(file: folder.path.appending(file)) }
    }

    @Test(arguments: [
        ("a.js", true), ("a.JS", true), ("Thumbs.db", true), ("a.m3u8", true), ("a.jpg", false), ("js", false),
    ])
    func `names that may be refused are known before the content is`(_ file: String, _ mayBe: Bool) {
        #expect(FormatPolicy.builtIn.mayRefuse(name(file)) == mayBe)
    }

    private func report(_ type: MediaType, _ features: [Feature] = []) -> InspectionReport {
        FormatRow(0, "", type, features, .accept).report
    }

    private func name(_ text: String) -> FileName { FileName(declared: text) }
}
