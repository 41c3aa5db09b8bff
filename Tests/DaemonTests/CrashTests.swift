import Artefacts
import Foundation
import Linking
import SystemPackage
import TestSupport
import Testing

/// The daemon is killed at each of its system calls that change the disk.
///
/// strace kills it on entry to the n-th of them, so that each step between
/// "received" and "linked" is the last one once.
@Suite(.serialized) struct CrashTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    struct Kill: Sendable, CustomTestStringConvertible {
        let call: String
        let nth: Int
        var testDescription: String { "\(call) \(nth)" }
    }

    private static let kills: [Kill] = [
        ("fdatasync", 1...6), ("fsync", 1...8), ("rename", 1...3), ("fchmod", 1...2), ("unlink", 1...5),
        ("pwrite64", 1...10), ("mkdir", 1...5),
    ].flatMap { call, range in range.map { Kill(call: call, nth: $0) } }

    @Test(.timeLimit(.minutes(5)), arguments: kills)
    func `killed at any step, an upload is there afterwards, whole and once`(_ kill: Kill) async throws {
        let storage = folder.path.appending("store")
        let bytes = try Samples.bytes("drawing.png")
        let setUp = try await DaemonProcess(storage: storage)
        let child = try await setUp.client.addChild()
        let token = setUp.client.token
        let url = try #require(try await setUp.client.begin(bytes.count, to: child, name: "d.png").headers["location"])
        let path = "/uploads/\(url.suffix(32))"
        let half = try await setUp.client.patch(path, at: 0, Array(bytes[..<2000]))
        #expect(half.status == 204)
        setUp.stop(SIGTERM)

        // Calls are counted from here on: the daemon is running before strace is told to look.
        let victim = try await DaemonProcess(storage: storage)
        let tracer = try Tracer(of: victim.identifier, at: kill.call, nth: kill.nth, "signal=SIGKILL")
        let client = victim.client.with(token: token)
        let answer = try? await client.patch(path, at: 2000, Array(bytes[2000...]))
        if answer == nil { #expect(try await victim.isGoneSoon, "the daemon breaks off only by being killed") }
        if kill.nth == 1 { #expect(answer == nil, "each of these calls is made before the answer") }
        victim.stop(SIGKILL)
        tracer.stop()

        let survivor = try await DaemonProcess(storage: storage)
        let owner = survivor.client.with(token: token)
        let offset = try await owner.offset(path)
        if answer?.status == 204 { #expect(offset.offset == bytes.count, "what was acknowledged is there") }
        #expect((offset.offset ?? -1) >= 2000, "an offset never decreases")
        if let known = offset.offset, known < bytes.count {
            let rest = try await owner.patch(path, at: known, Array(bytes[known...]))
            #expect(rest.status == 204)
        }
        let timeline = try await owner.get("/v1/children/\(child)/timeline")
        #expect(timeline.count("items") == 1, "linked once")
        #expect(timeline["items.0.artefact.state"] == "kept")
        let content = try await owner.get(try #require(timeline["items.0.contentHref"]))
        #expect(content.body == bytes, "every byte is the one that was sent")
        let left = try FileManager.default.contentsOfDirectory(atPath: storage.appending("uploads").string)
            .filter { !$0.hasSuffix(".ended") }
        #expect(left.isEmpty, "nothing is left over: \(left)")
        survivor.stop(SIGTERM)
        let catalogue = try SQLiteCatalogue(path: storage.appending("index.sqlite").string)
        let links = try await catalogue.journal(after: 0, limit: 1000).filter { $0.event.act == .artefactLinked }
        #expect(links.count == 1)
        #expect(try await catalogue.firstBrokenJournalRecord() == nil)
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: ["fdatasync", "rename", "fchmod", "pwrite64"].flatMap { call in
            (1...4).map { Kill(call: call, nth: $0) }
        })
    func `when the disk fails at any step, the client asks again and all is well`(_ failure: Kill) async throws {
        let daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        let bytes = try Samples.bytes("drawing.png")
        let child = try await daemon.client.addChild()
        let url = try #require(try await daemon.client.begin(bytes.count, to: child, name: "d.png").headers["location"])
        let tracer = try Tracer(of: daemon.identifier, at: failure.call, nth: failure.nth, "error=EIO")

        let first = try? await daemon.client.patch(url, at: 0, bytes)
        tracer.stop()
        if failure.nth == 1 { #expect(first?.status != 204, "each of these calls is made before the answer") }
        // Under the index, a failure ends the daemon; its keeper starts the next.
        let isRunning = (try? await daemon.client.get("/healthz")) != nil
        let running = isRunning ? daemon : try await DaemonProcess(storage: daemon.storage)
        let client = running.client.with(token: daemon.client.token)
        let path = "/uploads/\(url.suffix(32))"
        var offset = try #require(try await client.offset(path).offset)
        if let first, first.status != 204 { #expect(first.status == 500) }
        if offset < bytes.count || first?.status == 500 {
            let again = try await client.patch(path, at: offset, Array(bytes[offset...]))
            #expect(again.status == 204)
            offset = try #require(try await client.offset(path).offset)
        }
        let timeline = try await client.get("/v1/children/\(child)/timeline")
        let content = try await client.get(try #require(timeline["items.0.contentHref"]))

        #expect(offset == bytes.count)
        #expect(timeline.count("items") == 1)
        #expect(content.body == bytes)
    }

    /// A full disk, whichever write finds it so: receiving, sealing the end, storing, linking.
    @Test(
        .timeLimit(.minutes(5)),
        arguments: [("pwrite64", 1...6), ("fdatasync", 1...3), ("rename", 1...1)].flatMap { call, range in
            range.map { Kill(call: call, nth: $0) }
        })
    func `when the disk is full at any step, that is said, and with room again all is well`(
        _ full: Kill
    ) async throws {
        let daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        let bytes = try Samples.bytes("drawing.png")
        let child = try await daemon.client.addChild()
        let url = try #require(try await daemon.client.begin(bytes.count, to: child, name: "d.png").headers["location"])
        try await daemon.recordsAreWritten()
        let tracer = try Tracer(of: daemon.identifier, at: full.call, nth: full.nth, "error=ENOSPC")
        let first = try await daemon.client.patch(url, at: 0, bytes)
        tracer.stop()
        if first.status != 204 {
            #expect(first.status == 507)
            #expect(first.headers["retry-after"] != nil)
            let offset = try #require(try await daemon.client.offset(url).offset)
            let again = try await daemon.client.patch(url, at: offset, Array(bytes[offset...]))
            #expect(again.status == 204)
        }
        let timeline = try await daemon.client.get("/v1/children/\(child)/timeline")
        let content = try await daemon.client.get(try #require(timeline["items.0.contentHref"]))

        if full.nth == 1 { #expect(first.status == 507, "each of these calls is made before the answer") }
        #expect(timeline.count("items") == 1)
        #expect(content.body == bytes)
    }

    @Test(.timeLimit(.minutes(5)))
    func `after an error under the index the daemon ends, and the next one goes on`() async throws {
        let storage = folder.path.appending("store")
        let daemon = try await DaemonProcess(storage: storage)
        let bytes = try Samples.bytes("drawing.png")
        let child = try await daemon.client.addChild()
        let url = try #require(try await daemon.client.begin(bytes.count, to: child, name: "d.png").headers["location"])
        try await daemon.recordsAreWritten()
        let tracer = try Tracer(
            of: daemon.identifier, at: "fdatasync", nth: 1, on: storage.appending("index.sqlite-wal"), "error=EIO")
        let answer = try? await daemon.client.patch(url, at: 0, bytes)
        let isGone = try await daemon.isGoneSoon
        tracer.stop()
        let next = try await DaemonProcess(storage: storage)
        let client = next.client.with(token: daemon.client.token)
        let timeline = try await client.get("/v1/children/\(child)/timeline")
        let content = try await client.get(try #require(timeline["items.0.contentHref"]))

        #expect(answer?.status != 204)
        #expect(isGone)
        #expect(daemon.log.contains("disk failed under the index"))
        #expect(timeline.count("items") == 1)
        #expect(content.body == bytes)
    }

    /// The system reports once that it could not write, and forgets.
    @Test(.timeLimit(.minutes(5)), arguments: [1, 2])
    func `bytes whose sync failed are not acknowledged by a later one`(_ nth: Int) async throws {
        let daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        let bytes = (0..<300_000).map { _ in UInt8.random(in: 97...122) }
        let child = try await daemon.client.addChild()
        let url = try #require(try await daemon.client.begin(bytes.count, to: child, name: "a.txt").headers["location"])
        // What the daemon writes beside the blobs is synced too, and is not meant here.
        try await daemon.recordsAreWritten()
        let tracer = try Tracer(of: daemon.identifier, at: "fdatasync", nth: nth, "error=EIO")
        let failed = try await daemon.client.patch(url, at: 0, Array(bytes[..<200_000]))
        tracer.stop()
        let offset = try #require(try await daemon.client.offset(url).offset)
        let rest = try await daemon.client.patch(url, at: offset, Array(bytes[offset...]))
        let timeline = try await daemon.client.get("/v1/children/\(child)/timeline")
        let content = try await daemon.client.get(try #require(timeline["items.0.contentHref"]))

        #expect(failed.status == 500)
        // Where the log’s sync failed, it is asked what the disk has of it before anybody is told.
        #expect(offset == 0 || nth == 2)
        #expect(rest.status == 204)
        #expect(content.body == bytes)
    }

    @Test(.timeLimit(.minutes(5)))
    func `killed in the middle of a long request, an upload goes on from what was made durable`() async throws {
        let storage = folder.path.appending("store")
        let size = 96 << 20
        let victim = try await DaemonProcess(storage: storage)
        let child = try await victim.client.addChild()
        let url = try #require(try await victim.client.begin(size, to: child).headers["location"])
        let path = "/uploads/\(url.suffix(32))"
        let connection = try RawConnection(port: victim.port)
        connection.send(
            "PATCH \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(victim.client.token ?? "")\r\n"
                + "Tus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\n"
                + "Content-Length: \(size)\r\n\r\n")
        let piece = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for _ in 0..<80 { connection.send(piece) }
        var known = 0
        while known < 32 << 20 {
            known = Int(try await victim.client.get("/v1\(path)")["offset"] ?? "0") ?? 0
        }
        victim.stop(SIGKILL)

        let survivor = try await DaemonProcess(storage: storage)
        let owner = survivor.client.with(token: victim.client.token)
        let offset = try #require(try await owner.offset(path).offset)
        #expect(offset >= known)
        var rest: [UInt8] = []
        rest.reserveCapacity(size - offset)
        for position in offset..<size { rest.append(piece[position & ((1 << 20) - 1)]) }
        let answer = try await owner.patch(path, at: offset, rest)
        let status = try await owner.get("/v1\(path)")
        var digester = Digester()
        for _ in 0..<96 { piece.withUnsafeBytes { digester.update($0) } }
        let artefact = try await owner.get("/v1/artefacts/\(try #require(status["artefact"]))")

        #expect(answer.status == 204)
        #expect(artefact["digest"] == digester.digest.description)
    }

    @Test(.timeLimit(.minutes(5)))
    func `told to stop, the daemon lets a running upload keep what came`() async throws {
        let storage = folder.path.appending("store")
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await daemon.client.addChild()
        let url = try #require(try await daemon.client.begin(1000, to: child).headers["location"])
        let half = try await daemon.client.patch(url, at: 0, [UInt8](repeating: 1, count: 400))

        let status = daemon.stop(SIGTERM)
        let again = try await DaemonProcess(storage: storage)
        let offset = try await again.client.with(token: daemon.client.token).offset("/uploads/\(url.suffix(32))")

        #expect(half.status == 204)
        #expect(status == 0)
        #expect(offset.offset == 400)
    }

    @Test func `an inspector that cannot run holds the file, and the daemon goes on`() async throws {
        let daemon = try await DaemonProcess(
            storage: folder.path.appending("store"), environment: ["KEEPSAKE_INSPECTION_EXECUTABLE": "/bin/false"])
        let child = try await daemon.client.addChild()

        let added = try await daemon.client.add(try Samples.bytes("drawing.png"), named: "d.png", to: child)

        #expect(added.status == 201)
        #expect(added["artefact.state"] == "held")
        #expect(added["artefact.reasons.0"]?.contains("could not be checked") == true)
    }

    @Test(.timeLimit(.minutes(5)))
    func `the inspector ends with a daemon that is killed`() async throws {
        let daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        let program = BuildProducts.path(of: "keepsake-inspector").string
        let inspector = try await Processes.wait {
            Processes.descendants(of: daemon.identifier, startedAs: program).first
        }

        daemon.stop(SIGKILL)

        try await Processes.end(of: inspector)
    }

    @Test(.timeLimit(.minutes(5)))
    func `what takes long to inspect is answered at once, and settled later, also after a crash`() async throws {
        let storage = folder.path.appending("store")
        // Takes requests from nobody, until the daemon is gone.
        let slow = try folder.program(
            "slow",
            "#!/usr/bin/python3\nimport select\nend = select.poll()\nend.register(0, 0)\nend.poll()\n")
        let daemon = try await DaemonProcess(
            storage: storage, environment: ["KEEPSAKE_INSPECTION_EXECUTABLE": slow.string])
        let child = try await daemon.client.addChild()
        let added = try await daemon.client.add(try Samples.bytes("photo.jpg"), named: "p.jpg", to: child)
        let href = try #require(added["artefact.href"])
        let early = try await daemon.client.get(href + "/content")
        daemon.stop(SIGKILL)

        let again = try await DaemonProcess(storage: storage)
        var state = ""
        while state != "kept" {
            state = try await again.client.get(href)["state"] ?? ""
            try await Task.sleep(for: .milliseconds(50))
        }
        let shown = try await again.client.get("/v1/children/\(child)/timeline")

        #expect(added["artefact.state"] == "inspecting")
        #expect(early.status == 409)
        #expect(shown["items.0.happened.at"] == "2026-05-01T13:30:15.250Z")
    }
}
