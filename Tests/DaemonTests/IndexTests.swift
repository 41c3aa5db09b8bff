import Foundation
import Linking
import SystemPackage
import TestSupport
import Testing

/// The index is lost, and made anew from what lies beside it.
@Suite(.serialized) struct IndexTests {
    private let folder: TemporaryDirectory
    private let storage: FilePath

    init() throws {
        folder = try TemporaryDirectory()
        storage = folder.path.appending("store")
    }

    @Test(.timeLimit(.minutes(5)))
    func `every answer of the API is the same after the index was lost and rebuilt`() async throws {
        let daemon = try await DaemonProcess(storage: storage, environment: DaemonProcess.withRenderer)
        let filled = try await fill(daemon.client)
        try await daemon.jobsAreDone()
        let before = try await answers(filled, daemon.client)
        try await recordsAreWritten()
        daemon.stop(SIGKILL)
        let records = try await keepsake(["verify"])
        try removeIndex()

        let refused = try await keepsake(["serve", "--port", "0"])
        let rebuilt = try await keepsake(["index", "rebuild"])
        let verified = try await keepsake(["verify"])
        let collected = try await keepsake(["gc", "--grace-hours", "0"])
        let jobs = try await keepsake(["jobs"])
        let again = try await DaemonProcess(storage: storage)
        let after = try await answers(filled, again.client)

        #expect(records.status == 0)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("keepsake index rebuild"))
        #expect(rebuilt.status == 0, "\(rebuilt.output)\(rebuilt.errors)")
        #expect(rebuilt.output.contains("Put back 2 children, \(filled.artefacts.count) artefacts, 1 refusals"))
        #expect(verified.status == 0, "\(verified.output)")
        #expect(collected.output.hasPrefix("0 files"))
        #expect(jobs.output.contains("derive: 0 waiting, 0 running, 0 failed"))
        #expect(before.count == after.count)
        #expect(before.keys.contains { $0.contains("/derivatives/") })
        #expect(
            before.contains {
                $0.key.contains("/search") && String(decoding: $0.value, as: UTF8.self).contains("isMatch")
            })
        for (address, answer) in before { #expect(after[address] == answer, "\(address)") }
    }

    @Test(.timeLimit(.minutes(5)))
    func `what cannot be placed is named, kept from the collector, and can be placed by a person`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let filled = try await fill(daemon.client)
        try await recordsAreWritten()
        daemon.stop(SIGTERM)
        try removeIndex()
        let lost = filled.artefacts[1]
        try FileManager.default.removeItem(atPath: record(of: lost).string)
        let damaged = try #require(filled.artefacts.last)
        try record(of: damaged).change { $0[150] ^= 1 }

        let rebuilt = try await keepsake(["index", "rebuild", "--json"])
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(rebuilt.output.utf8)) as? [String: Any])
        let unplaced = try #require(document["unplaced"] as? [String])
        let collected = try await keepsake(["gc", "--grace-hours", "0"])
        let saved = folder.path.appending("saved")
        let letter = try Samples.bytes("letter.docx")
        for digest in unplaced {
            _ = try? FileManager.default.removeItem(atPath: saved.string)
            let copied = try await keepsake(["index", "unplaced", "--save", digest, "--output", saved.string])
            #expect(copied.status == 0, "\(copied.errors)")
            if try Data(contentsOf: URL(fileURLWithPath: saved.string)) == Data(letter) { break }
        }
        let again = try await DaemonProcess(storage: storage)
        let placed = try await again.client.add(letter, named: "l.docx", to: filled.children[0])
        let rest = try await keepsake(["index", "unplaced", "--json"])

        #expect(rebuilt.status == 1)
        #expect(document["unreadable"] as? [String] == ["artefact \(damaged)"])
        #expect(unplaced.count == 2)
        #expect(collected.output.hasPrefix("0 files"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: saved.string)) == Data(letter))
        #expect(placed.status == 201)
        #expect(rest.output.split(separator: ",").count == 1)
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [("rename", 1...2), ("fsync", 1...4)].flatMap { call, range in range.map { (call, $0) } })
    func `a rebuild that is killed is run again`(_ call: String, _ nth: Int) async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let filled = try await fill(daemon.client)
        try await recordsAreWritten()
        daemon.stop(SIGTERM)

        _ = try await Command.run(
            "/usr/bin/strace",
            [
                "-f", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):signal=SIGKILL:when=\(nth)",
                BuildProducts.path(of: "keepsake").string, "index", "rebuild", "--replace", "--storage",
                storage.string,
            ])
        let rebuilt = try await keepsake(["index", "rebuild", "--replace"])
        let again = try await DaemonProcess(storage: storage)
        let timeline = try await again.client.get("/v1/children/\(filled.children[0])/timeline")

        #expect(rebuilt.status == 0, "\(rebuilt.errors)\(rebuilt.output)")
        #expect(timeline.count("items") == 4)
    }

    @Test func `an index that is there is not replaced by mistake`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        daemon.stop(SIGTERM)

        let refused = try await keepsake(["index", "rebuild"])

        #expect(refused.status == 64)
        #expect(refused.errors.contains("--replace"))
    }

    private struct Filled {
        var children: [String] = []
        var artefacts: [String] = []
        var entries: [String] = []
        var uploads: [String] = []
    }

    /// Two children, every kind of artefact, a held and a refused file, and a half upload.
    private func fill(_ client: TestClient) async throws -> Filled {
        var filled = Filled()
        for body in [
            #"{"preferredName":"Amira","externalIds":[{"system":"upn","value":"A1"},{"system":"nhs","value":"9"}],"dateOfBirth":"2017-03-04","pronouns":"she"}"#,
            #"{"preferredName":"Ben","accessLevel":"restricted"}"#,
        ] {
            let added = try await client.send(
                "POST", "/v1/children", headers: ["Content-Type": "application/json"], body: Array(body.utf8))
            filled.children.append(try #require(added["id"]))
        }
        for (name, child, query) in [
            ("photo.jpg", 0, "?caption=You%20took%20this.&voice=direct&lens=day&lens=feelings&contributor=Amira"),
            ("letter.docx", 0, "?happenedAt=2020-05-06T07:08:09%2B02:00&visibility=workers"),
            ("cut-short.jpg", 0, ""), ("voice.m4a", 0, "?visit=v1"), ("photo.jpg", 1, "?caption=Ben%20too"),
            ("drawing.png", 1, ""),
        ] {
            let added = try await client.add(
                try Samples.bytes(name), named: name, to: filled.children[child], query: query)
            filled.artefacts.append(try #require(added["artefact.id"]))
            filled.entries.append(try #require(added["entry.id"]))
        }
        for (entry, words) in [
            (0, #"{"caption":"You took this one.","altText":"A puddle","language":"en-GB"}"#),
            (0, #"{"altText":null}"#),
            (3, #"{"transcript":"The dog barked.","happenedAt":"2021-02-03T04:05:06Z"}"#),
        ] {
            let corrected = try await client.send(
                "PATCH", "/v1/entries/\(filled.entries[entry])", body: Array(words.utf8))
            #expect(corrected.status == 200)
        }
        for (bytes, name) in [
            (try Samples.bytes("holiday.jpg"), "holiday.jpg"), (try Samples.bytes("letter.pdf"), "l.pdf"),
        ] {
            let url = try #require(
                try await client.begin(bytes.count, to: filled.children[1], name: name).headers["location"])
            let sent = try await client.patch(url, at: 0, name == "l.pdf" ? Array(bytes[..<500]) : bytes)
            #expect(sent.status == (name == "l.pdf" ? 204 : 422))
            filled.uploads.append(String(url.suffix(32)))
        }
        return filled
    }

    private func answers(_ filled: Filled, _ client: TestClient) async throws -> [String: [UInt8]] {
        var addresses = ["/v1/children", "/v1/children?externalId=nhs%7C9", "/v1/children?query=ben"]
        for child in filled.children {
            addresses += [
                "/v1/children/\(child)", "/v1/children/\(child)/timeline",
                "/v1/children/\(child)/timeline?order=oldest",
                "/v1/children/\(child)/timeline?lens=day", "/v1/children/\(child)/timeline?voice=direct",
                "/v1/children/\(child)/timeline?visit=v1", "/v1/children/\(child)/search?q=dog",
            ]
        }
        for artefact in filled.artefacts {
            addresses += ["/v1/artefacts/\(artefact)", "/v1/artefacts/\(artefact)/content"]
        }
        addresses += filled.entries.map { "/v1/entries/\($0)/history" }
        addresses += ["barked", "puddle"].map { "/v1/children/\(filled.children[0])/search?q=\($0)" }
        for artefact in filled.artefacts {
            let answer = try await client.get("/v1/artefacts/\(artefact)")
            addresses += (0..<max(0, answer.count("derivatives"))).compactMap { answer["derivatives.\($0).href"] }
        }
        addresses.append("/v1/uploads/\(filled.uploads[0])")
        var answers: [String: [UInt8]] = [:]
        for address in addresses {
            let answer = try await client.get(address)
            answers[address] = Array("\(answer.status) ".utf8) + answer.body
        }
        return answers
    }

    /// Waits until the daemon has written every record.
    private func recordsAreWritten() async throws {
        let catalogue = try SQLiteCatalogue(path: storage.appending("index.sqlite").string)
        while true {
            let last = try await catalogue.journal(after: try await catalogue.writtenJournal(), limit: 1)
            if try await catalogue.changedRecords(limit: 1).isEmpty, last.isEmpty { return }
            try await Task.sleep(for: .milliseconds(25))
        }
    }

    private func record(of artefact: String) -> FilePath {
        storage.appending("records").appending("artefact").appending(String(artefact.suffix(2)))
            .appending("\(artefact).json")
    }

    private func removeIndex() throws {
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: storage.appending("index.sqlite" + suffix).string)
        }
    }

    private func keepsake(_ arguments: [String]) async throws -> Command {
        try await Command.run(BuildProducts.path(of: "keepsake"), arguments + ["--storage", storage.string])
    }
}
