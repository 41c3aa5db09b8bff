import Artefacts
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite(.serialized) struct CaptureDateTests {
    private let folder: TemporaryDirectory
    private let daemon: DaemonProcess
    private var client: TestClient { daemon.client }
    private let born = #"{"preferredName": "Amira", "dateOfBirth": "2026-06-01"}"#

    init() async throws {
        folder = try TemporaryDirectory()
        daemon = try await DaemonProcess(storage: folder.path.appending("store"))
    }

    @Test func `a date before the child was born is not used`() async throws {
        let photo = try Samples.bytes("photo.jpg")

        let another = try await client.add(photo, named: "p.jpg", to: try await client.addChild())
        let younger = try await client.add(photo, named: "p.jpg", to: try await addChild(born, client))

        #expect(another["artefact.captured.source"] == "exifOriginal")
        #expect(another["entry.happened.at"] == "2026-05-01T13:30:15.250Z")
        #expect(younger["artefact.captured.source"] == "received")
        #expect(younger["entry.happened.source"] == "received")
    }

    @Test func `what a person says is above what is found, and what is found stays`() async throws {
        let added = try await client.add(
            try Samples.bytes("photo.jpg"), named: "p.jpg", to: try await client.addChild(),
            query: "?happenedAt=2026-04-30T10:00:00Z")

        #expect(added["entry.happened.source"] == "person")
        #expect(added["entry.happened.at"] == "2026-04-30T10:00:00Z")
        #expect(added["artefact.captured.source"] == "exifOriginal")
        #expect(added["artefact.captured.confidence"] == "A")
        #expect(added["artefact.captured.offset"] == "+01:00")
    }

    @Test func `the name of a file tells its day`() async throws {
        let added = try await client.add(
            try Samples.bytes("drawing.png"), named: "IMG-20260705-WA0001.png", to: try await client.addChild())

        #expect(added["artefact.captured.source"] == "fileName")
        #expect(added["artefact.captured.precision"] == "day")
        #expect(added["artefact.captured.confidence"] == "D")
        #expect(added["artefact.captured.at"] == "2026-07-04T23:00:00Z")
    }

    @Test func `the sender's device tells when a file was last changed, in every dialect`() async throws {
        let child = try await client.addChild()
        let bytes = try Samples.bytes("drawing.png")

        let whole = try await client.add(
            bytes, named: "d.png", to: child, query: "?lastModified=2026-07-05T10:00:00%2B01:00")
        let url = try #require(
            try await client.begin(
                bytes.count, to: child, name: "d.png", more: ["lastModified": "2026-07-05T09:00:00Z"]
            )
            .headers["location"])
        _ = try await client.patch(url, at: 0, bytes)
        let tus = try await client.get("/v1" + (URL(string: url)?.path() ?? ""))
        let artefact = try await client.get("/v1/artefacts/\(try #require(tus["artefact"]))")
        let form = try await sendForm(bytes, ["lastModified": "2026-07-05T09:00:00Z"], to: child, client)

        #expect(whole["artefact.captured.at"] == "2026-07-05T09:00:00Z")
        #expect(whole["artefact.captured.source"] == "clientModified")
        #expect(whole["artefact.captured.confidence"] == "D")
        #expect(artefact["captured.at"] == "2026-07-05T09:00:00Z")
        #expect(form["items.0.artefact.captured.at"] == "2026-07-05T09:00:00Z")
    }

    @Test func `the sender's zone is that of local times in the file`() async throws {
        let added = try await client.add(
            try Samples.bytes("Dates/other-offset.jpg"), named: "p.jpg", to: try await client.addChild(),
            query: "?timeZone=Asia/Kolkata")

        #expect(added["artefact.captured.at"] == "2026-07-01T06:30:00Z")
        #expect(added["artefact.captured.offset"] == "+05:30")
    }

    @Test(arguments: ["lastModified=yesterday", "lastModified=1795000000", "timeZone=Camelot"])
    func `what cannot be read is refused`(_ field: String) async throws {
        let child = try await client.addChild()
        let pair = field.split(separator: "=").map(String.init)

        let whole = try await client.add([1], named: "d.png", to: child, query: "?\(field)")
        let tus = try await client.begin(1, to: child, more: [pair[0]: pair[1]])

        #expect(whole.status == 400)
        #expect(whole["detail"]?.contains(pair[0]) == true)
        #expect(tus.status == 400)
    }

    @Test func `a file that is inspected later is dated by the same rules`() async throws {
        let real = BuildProducts.path(of: "keepsake-inspector").string
        // It takes longer to start than a client waits.
        let slow = try folder.program("slow", "#!/bin/sh\nsleep 4\nexec '\(real)' \"$@\"\n")
        let daemon = try await DaemonProcess(
            storage: folder.path.appending("another"), environment: ["KEEPSAKE_INSPECTION_EXECUTABLE": slow.string])
        let client = daemon.client
        let child = try await addChild(born, client)

        let added = try await client.add(
            try Samples.bytes("photo.jpg"), named: "p.jpg", to: child, query: "?lastModified=2026-07-05T09:00:00Z")
        let href = try #require(added["artefact.href"])
        var settled = added
        for _ in 0..<400 where settled["state"] != "kept" {
            try await Task.sleep(for: .milliseconds(25))
            settled = try await client.get(href)
        }

        #expect(added["artefact.state"] == "inspecting")
        #expect(settled["state"] == "kept")
        #expect(settled["captured.source"] == "clientModified")
        #expect(settled["captured.at"] == "2026-07-05T09:00:00Z")
        #expect(settled["entries.0.happened.source"] == "clientModified")
        #expect(daemon.stop(SIGTERM) == 0)
    }

    private func addChild(_ json: String, _ client: TestClient) async throws -> String {
        let added = try await client.send(
            "POST", "/v1/children", headers: ["Content-Type": "application/json"], body: Array(json.utf8))
        return try #require(added["id"])
    }

    private func sendForm(
        _ bytes: [UInt8], _ fields: [String: String], to child: String, _ client: TestClient
    ) async throws -> TestClient.Answer {
        var body: [UInt8] = []
        for (name, value) in fields {
            body += Array("--edge\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        body += Array("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"d.png\"\r\n\r\n".utf8)
        body += bytes + Array("\r\n--edge--\r\n".utf8)
        return try await client.send(
            "POST", "/v1/children/\(child)/artefacts",
            headers: ["Content-Type": "multipart/form-data; boundary=edge"], body: body)
    }
}
