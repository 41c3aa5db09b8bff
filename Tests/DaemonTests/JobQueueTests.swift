import Artefacts
import Foundation
import Ingesting
import Inspecting
import Linking
import Logging
import NIOCore
import Receiving
import Scanning
import Sealing
import Storing
import SystemPackage
import TestSupport
import Testing

/// What becomes of jobs that go wrong, with the real programs.
@Suite(.serialized) struct JobQueueTests {
    private let folder: TemporaryDirectory
    private let catalogue: SQLiteCatalogue

    init() throws {
        folder = try TemporaryDirectory()
        catalogue = try SQLiteCatalogue(path: folder.path.appending("index.sqlite").string)
    }

    @Test(.timeLimit(.minutes(5)))
    func `what takes too long each time is given up after some attempts, and the file is kept and safe`() async throws {
        let silent = try folder.program("silent", "#!/bin/sh\nexec sleep 1000\n")
        let ingestion = try ingestion(renderer: silent, timeLimit: .milliseconds(50), attempts: 3)
        let artefact = try await add("photo.jpg", by: ingestion)

        let failed = try await running(ingestion) {
            try await first {
                try await catalogue.jobs(limit: 1).first { if case .failed = $0.state { true } else { false } }
            }
        }
        let found = try #require(try await catalogue.artefact(artefact.id)?.artefact)

        #expect(failed.attempts == 3)
        #expect(failed.problem == "it took too long")
        #expect(found.finding.state == .kept)
        #expect(!found.derivatives.isPending)
        #expect(found.derivatives.failed.map(\.kind).contains(.thumbnail))
        #expect(found.derivatives.failed.allSatisfy { $0.reason == "it took too long" })
    }

    @Test(.timeLimit(.minutes(5)))
    func `what ended the daemon each time is not begun again`() async throws {
        let ingestion = try ingestion(stops: 2)
        let artefact = try await add("photo.jpg", by: ingestion)
        try await stop(during: .derive, times: 2)

        let failed = try await running(ingestion) {
            try await first {
                try await catalogue.jobs(limit: 1).first { if case .failed = $0.state { true } else { false } }
            }
        }

        #expect(failed.problem?.contains("stopped 2 times") == true)
        #expect(try await catalogue.artefact(artefact.id)?.artefact.derivatives.isPending == false)
        #expect(try await catalogue.retryJobs(of: artefact.id, at: Date()) == 1)
        try await running(ingestion) { try await first { try await catalogue.jobs(limit: 1).isEmpty ? true : nil } }
        #expect(try await catalogue.artefact(artefact.id)?.artefact.derivatives[.thumbnail] != nil)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a job during which the daemon was stopped more often than jobs may go wrong is still done`() async throws {
        let ingestion = try ingestion(attempts: 2)
        let artefact = try await add("photo.jpg", by: ingestion)
        try await stop(during: .derive, times: 5)

        try await running(ingestion) { try await first { try await catalogue.jobs(limit: 1).isEmpty ? true : nil } }
        let derivatives = try #require(try await catalogue.artefact(artefact.id)?.artefact.derivatives)

        #expect(derivatives[.thumbnail] != nil)
        #expect(derivatives.failed.isEmpty)
    }

    @Test(.timeLimit(.minutes(5)))
    func `that the daemon was stopped takes no attempt from a job that goes wrong`() async throws {
        let silent = try folder.program("silent", "#!/bin/sh\nexec sleep 1000\n")
        let ingestion = try ingestion(renderer: silent, timeLimit: .milliseconds(50), attempts: 3)
        _ = try await add("photo.jpg", by: ingestion)
        try await stop(during: .derive, times: 4)

        let failed = try await running(ingestion) {
            try await first {
                try await catalogue.jobs(limit: 1).first { if case .failed = $0.state { true } else { false } }
            }
        }

        #expect((failed.attempts, failed.stops) == (7, 4))
        #expect(failed.problem == "it took too long")
    }

    @Test(.timeLimit(.minutes(5)))
    func `after a stop the others are done before the job that ran`() async throws {
        let ingestion = try ingestion()
        var artefacts: [Artefact] = []
        for name in ["drawing.png", "photo.jpg"] { artefacts.append(try await add(name, by: ingestion)) }
        try await stop(during: .derive, times: 1)

        try await running(ingestion) { try await first { try await catalogue.jobs(limit: 1).isEmpty ? true : nil } }
        let order = try await catalogue.journal(after: 0, limit: 100).map(\.event)
            .filter { $0.act == .artefactDerived }.map(\.subject)

        #expect(order.first == "\(artefacts[1].id)")
        #expect(order.last == "\(artefacts[0].id)")
    }

    @Test(.timeLimit(.minutes(5)))
    func `an inspection that ended the daemon each time leaves the file held for a person`() async throws {
        let ingestion = try ingestion(stops: 2, grace: .zero)
        let artefact = try await add("photo.jpg", by: ingestion)
        try await stop(during: .inspect, times: 2)

        let held = try await running(ingestion) {
            try await first { () -> Artefact? in
                let found = try await catalogue.artefact(artefact.id)?.artefact
                return found?.finding.state == .inspecting ? nil : found
            }
        }

        #expect(artefact.finding.state == .inspecting)
        #expect(held.finding.state == .held)
        #expect(held.finding.reasons.first?.contains("It is safe") == true)
    }

    @Test(.timeLimit(.minutes(5)))
    func `where it was made is kept before anybody hears that it was inspected, however late that is`() async throws {
        let ingestion = try ingestion(grace: .zero)
        let artefact = try await add("located/photo.jpg", by: ingestion)
        let before = try places()

        let kept = try await running(ingestion) {
            try await first { () -> [String]? in
                let found = try await catalogue.artefact(artefact.id)?.artefact
                return found?.finding.state == .kept ? try places() : nil
            }
        }

        #expect(artefact.finding.state == .inspecting)
        #expect(before.isEmpty)
        #expect(kept == ["\(artefact.id).json"])
    }

    /// The names of the records of places.
    private func places() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path.string)
            .filter { $0.hasPrefix("records/place/") && $0.hasSuffix(".json") }
            .compactMap { FilePath($0).lastComponent?.string }
    }

    @Test(.timeLimit(.minutes(5)))
    func `what somebody waits for is done at once, and before what nobody does`() async throws {
        let ingestion = try ingestion()
        var artefacts: [Artefact] = []
        for name in ["drawing.png", "photo.jpg"] { artefacts.append(try await add(name, by: ingestion)) }
        try await running(ingestion) { try await first { try await catalogue.jobs(limit: 1).isEmpty ? true : nil } }
        _ = try await catalogue.deriveAgain(artefacts.map(\.id), at: Date())
        artefacts.append(try await add("letter.pdf", by: ingestion))

        try await running(ingestion) { try await first { try await catalogue.jobs(limit: 1).isEmpty ? true : nil } }
        let order = try await catalogue.journal(after: 0, limit: 100).map(\.event)
            .filter { $0.act == .artefactDerived }.map(\.subject)

        #expect(order.suffix(8).prefix(3).allSatisfy { $0 == "\(artefacts[2].id)" })
        #expect(order.count == 13)
    }

    /// The daemon stops as by SIGKILL while the first job of the task runs, and starts again.
    private func stop(during task: JobTask, times: Int) async throws {
        for _ in 0..<times {
            _ = try #require(try await catalogue.takeJob(task, at: Date()))
            _ = try await catalogue.resumeJobs { _ in Date() }
        }
    }

    private func ingestion(
        renderer: FilePath = BuildProducts.path(of: "keepsake-renderer"), timeLimit: Duration = .seconds(60),
        attempts: Int = 5, stops: Int = 10, grace: Duration = .seconds(60)
    ) throws -> Ingestion {
        let keyring = Keyring.forTests()
        var settings = IngestionSettings()
        settings.inspectionGrace = grace
        settings.jobs.retries.attempts = attempts
        settings.jobs.retries.stops = stops
        settings.jobs.retries.firstDelay = .milliseconds(1)
        settings.jobs.retries.pause = .milliseconds(10)
        return Ingestion(
            uploads: try DirectoryUploadStore(root: folder.path.appending("uploads"), keyring: keyring),
            blobs: try DirectoryBlobStore(root: folder.path.appending("blobs"), keyring: keyring),
            places: PlaceStore(RecordStore(root: folder.path.appending("records"), keyring: keyring)),
            gate: BlobGate(), catalogue: catalogue,
            inspector: Inspector(
                executable: BuildProducts.path(of: "keepsake-inspector"),
                recordings: BuildProducts.path(of: "keepsake-recording-inspector"), keyring: keyring),
            renderer: Renderer(executable: renderer, keyring: keyring, timeLimit: timeLimit),
            scanner: NoScanner(), settings: settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func add(_ name: String, by ingestion: Ingestion) async throws -> Artefact {
        let child = Child(
            id: ChildID(), preferredName: "Amira", externalIDs: [], dateOfBirth: nil, pronouns: nil,
            accessLevel: .standard, createdAt: Date())
        try await catalogue.add(child, journalling: .byDaemon(.childAdded, "\(child.id)"))
        let declaration = UploadDeclaration(
            id: UploadID(), dialect: .whole, owner: Principal(name: "worker-1", role: .worker), child: child.id,
            fileName: FileName(declared: name), declaredMimeType: nil, words: EntryWords(), length: nil,
            createdAt: Date(), expiresAt: .distantFuture)
        var open = try await ingestion.openTransient(declaration)
        try await ingestion.take(ByteBuffer(bytes: try Samples.bytes(name)), into: &open)
        guard case .linked(let linked) = try await ingestion.keep(open, as: declaration) else {
            throw CancellationError()
        }
        return linked.artefact
    }

    /// Lets the jobs be done until something has been seen.
    @discardableResult
    private func running<Value: Sendable>(
        _ ingestion: Ingestion, _ see: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await ingestion.jobs.run()
                return nil
            }
            group.addTask { try await see() }
            defer { group.cancelAll() }
            while let seen = try await group.next() { if let seen { return seen } }
            throw CancellationError()
        }
    }

    /// The value, once there is one.
    private func first<Value>(_ look: () async throws -> Value?) async throws -> Value {
        while true {
            if let value = try await look() { return value }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
