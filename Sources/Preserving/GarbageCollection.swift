package import Artefacts
package import FoundationEssentials
package import Linking
package import Receiving
package import Storing

/// Removes blobs that nothing refers to: no artefact, and no upload on its way;
/// and the places of artefacts that there are not.
///
/// They come from requests that died between storing and linking, and were
/// never acknowledged.
package struct GarbageCollection: Sendable {
    private let blobs: any BlobStore
    private let places: PlaceStore
    private let gate: BlobGate
    private let uploads: any UploadStore
    private let catalogue: any Catalogue

    private static let batch = 500

    /// - Parameter gate: the one that the pipeline holds while it stores and links.
    package init(
        blobs: any BlobStore, places: PlaceStore, gate: BlobGate, uploads: any UploadStore, catalogue: any Catalogue
    ) {
        self.blobs = blobs
        self.places = places
        self.gate = gate
        self.uploads = uploads
        self.catalogue = catalogue
    }

    /// Blobs that nothing refers to, and that were stored before `instant`.
    package func candidates(storedBefore instant: Date) async throws -> [BlobListing] {
        let awaited = try await awaited()
        var candidates: [BlobListing] = []
        var cursor: Digest?
        repeat {
            let page = try await blobs.list(after: cursor, limit: Self.batch)
            let old = page.filter { $0.storedAt < instant && !awaited.contains($0.digest) }
            let referenced = try await catalogue.referenced(among: old.map(\.digest))
            candidates += old.filter { !referenced.contains($0.digest) }
            cursor = page.last?.digest
        } while cursor != nil
        return candidates
    }

    /// Removes one candidate, unless something refers to it by now; answers whether it did.
    ///
    /// Order: the index forgets it and journals that → the file goes. After a
    /// crash between the two, the file is a candidate again.
    package func collect(_ candidate: BlobListing) async throws -> Bool {
        try await gate.holding(candidate.digest) {
            guard try await !awaited().contains(candidate.digest) else { return false }
            let event = JournalEvent.byDaemon(.garbageCollected, candidate.digest.description)
            guard try await catalogue.forget(blob: candidate.digest, journalling: event) else { return false }
            try await blobs.remove(candidate.digest)
            return true
        }
    }

    /// What one sweep takes away.
    package struct Garbage: Sendable {
        package var blobs: [BlobListing] = []
        /// The artefacts that there are not, and whose places were kept.
        package var places: [ArtefactID] = []
    }

    /// Removes all that nothing refers to and that was stored before `instant`.
    ///
    /// - Parameter dryRun: only say what would be removed.
    /// - Throws: `CancellationError` between two removals.
    package func sweep(storedBefore instant: Date, dryRun: Bool = false) async throws -> Garbage {
        var garbage = Garbage()
        for candidate in try await candidates(storedBefore: instant) {
            try Task.checkCancellation()
            if dryRun ? true : try await collect(candidate) { garbage.blobs.append(candidate) }
        }
        for artefact in try await places.artefacts() where try await isAbandoned(placeOf: artefact, before: instant) {
            try Task.checkCancellation()
            if !dryRun { try await collect(placeOf: artefact) }
            garbage.places.append(artefact)
        }
        return garbage
    }

    /// A place is kept before its artefact is linked: one that is older than
    /// the grace and still has none was kept by a request that died.
    private func isAbandoned(placeOf artefact: ArtefactID, before instant: Date) async throws -> Bool {
        guard let keptAt = try await places.keptAt(of: artefact), keptAt < instant else { return false }
        return try await catalogue.artefact(artefact) == nil
    }

    /// Order: the journal → the record goes, as with a blob.
    private func collect(placeOf artefact: ArtefactID) async throws {
        try await catalogue.record([.byDaemon(.garbageCollected, artefact.description)])
        try await places.remove(of: artefact)
    }

    /// Blobs that an upload, received and not linked yet, is about to become or has become.
    private func awaited() async throws -> Set<Digest> {
        Set(try await uploads.uploads().compactMap(\.received))
    }
}
