import Artefacts
import Conformance
import Foundation
import Linking
import NIOCore
import Preserving
import Receiving
import Sealing
import Storing
import SystemPackage
import TestSupport
import Testing

@Suite struct GarbageCollectionTests {
    private let folder: TemporaryDirectory
    private let keyring = Keyring.forTests()
    private let blobs: DirectoryBlobStore
    private let places: PlaceStore
    private let uploads: DirectoryUploadStore
    private let catalogue: SQLiteCatalogue
    private let gate = BlobGate()

    init() throws {
        folder = try TemporaryDirectory()
        blobs = try DirectoryBlobStore(root: folder.path.appending("blobs"), keyring: keyring)
        places = PlaceStore(RecordStore(root: folder.path.appending("records"), keyring: keyring))
        uploads = try DirectoryUploadStore(root: folder.path.appending("uploads"), keyring: keyring)
        catalogue = try SQLiteCatalogue(path: folder.path.appending("index.sqlite").string)
    }

    private var collection: GarbageCollection {
        GarbageCollection(blobs: blobs, places: places, gate: gate, uploads: uploads, catalogue: catalogue)
    }

    @Test func `what nothing refers to is a candidate after the grace, and not before`() async throws {
        let digest = try await stored("never linked")

        let soon = try await collection.candidates(storedBefore: Date().addingTimeInterval(-60))
        let late = try await collection.candidates(storedBefore: Date().addingTimeInterval(60))
        let isGone = try await collection.collect(try #require(late.first))

        #expect(soon.isEmpty)
        #expect(late.map(\.digest) == [digest])
        #expect(isGone)
        #expect(try await blobs.open(digest) == nil)
        let acts = try await catalogue.journal(after: 0, limit: 10)
        #expect(acts.map(\.event.act) == [.garbageCollected])
        #expect(acts.map(\.event.subject) == ["\(digest)"])
    }

    @Test func `what an artefact refers to stays`() async throws {
        let digest = try await stored("linked")
        try await link(digest)

        #expect(try await collection.candidates(storedBefore: .distantFuture).isEmpty)
    }

    @Test func `what was linked since it became a candidate stays`() async throws {
        let digest = try await stored("linked late")
        let candidate = try #require(try await collection.candidates(storedBefore: .distantFuture).first)
        try await link(digest)

        let isGone = try await collection.collect(candidate)

        #expect(!isGone)
        #expect(try await blobs.open(digest) != nil)
    }

    @Test func `what an upload that is all there is about to become stays`() async throws {
        let digest = try await stored("received")
        let spool = try await uploads.create(UploadStoreConformance.declaration(length: 8))
        try await spool.write([ByteBuffer(string: "received")], at: 0)
        try await spool.complete(writing: [], digest, size: 8)

        #expect(try await collection.candidates(storedBefore: .distantFuture).isEmpty)
    }

    @Test func `a blob that is being linked is not collected under the linker's hands`() async throws {
        let digest = try await stored("race")
        let candidate = try #require(try await collection.candidates(storedBefore: .distantFuture).first)

        let isGone = try await withThrowingTaskGroup(of: Bool?.self) { group in
            try await gate.holding(digest) {
                group.addTask { [collection] in try await collection.collect(candidate) }
                try await Task.sleep(for: .milliseconds(50))
                try await link(digest)
            }
            return try await group.next()?.flatMap(\.self)
        }

        #expect(isGone == false)
        #expect(try await blobs.open(digest) != nil)
    }

    @Test func `a place whose artefact was never linked goes after the grace, and others stay`() async throws {
        let position = try #require(Position(latitude: 51.5, longitude: -0.13, source: .exif))
        let linked = try await link(try await stored("linked"))
        let abandoned = ArtefactID()
        for artefact in [linked, abandoned] { try await places.keep(position, of: artefact) }

        let soon = try await collection.sweep(storedBefore: Date().addingTimeInterval(-60))
        let would = try await collection.sweep(storedBefore: .distantFuture, dryRun: true)
        let kept = try await places.artefacts()
        let done = try await collection.sweep(storedBefore: .distantFuture)

        #expect(soon.places.isEmpty)
        #expect(would.places == [abandoned])
        #expect(Set(kept) == [linked, abandoned])
        #expect(done.places == [abandoned])
        #expect(try await places.artefacts() == [linked])
        #expect(try await places.position(of: linked) == position)
        let acts = try await catalogue.journal(after: 0, limit: 10).map(\.event)
        #expect(acts.filter { $0.act == .garbageCollected }.map(\.subject) == ["\(abandoned)"])
    }

    private func stored(_ text: String) async throws -> Digest {
        let digest = Digester.digest(of: text.utf8)
        try await blobs.adopt(
            try folder.sealed("staged", text.utf8, with: keyring), as: digest, size: Int64(text.utf8.count))
        return digest
    }

    @discardableResult
    private func link(_ digest: Digest) async throws -> ArtefactID {
        let now = Date()
        let event = JournalEvent(at: now, actor: "worker-1", act: .artefactLinked, subject: "it", child: nil)
        let child = Child(
            id: ChildID(), preferredName: "Amira", externalIDs: [], dateOfBirth: nil, pronouns: nil,
            accessLevel: .standard, createdAt: now)
        try await catalogue.add(child, journalling: event)
        let captured = CaptureDate(at: now, precision: .second, source: .received, confidence: .e, offset: 0)
        let artefact = Artefact(
            id: ArtefactID(), digest: digest, size: 6, fileName: FileName(declared: "a"), declaredMimeType: nil,
            receivedAt: now,
            finding: Finding(
                state: .kept, reasons: [], mimeType: "image/png", kind: .drawing, media: Media(), captured: captured))
        let entry = Entry(
            id: EntryID(), child: child.id, artefact: artefact.id, happened: captured, words: EntryWords(),
            createdAt: now)
        _ = try await catalogue.link(
            Link(upload: UploadID(), artefact: artefact, entry: entry, addedBy: "worker-1"), journalling: event)
        return artefact.id
    }
}
