package import Artefacts
internal import Inspecting
internal import Linking
internal import Scanning
internal import Storing

/// What a person decides about a file that was held.
extension Ingestion {
    /// Puts a held file onto the timelines, to be saved and never shown within a browser.
    ///
    /// It is scanned once more where files are scanned: what harms is nobody's to let through. What no scan takes is
    /// the person's to judge.
    ///
    /// - Throws: ``IngestionError/notHeld``, ``IngestionError/notClean``.
    package func release(_ artefact: Artefact, journalling event: JournalEvent) async throws {
        guard artefact.finding.state == .held else { throw IngestionError.notHeld }
        guard let file = try await blobs.localFile(of: artefact.digest) else {
            throw BlobStoreError.missing(artefact.digest)
        }
        switch await examination.scanner.scan(file) {
        case .off, .clean, .notScanned(.tooLarge): break
        case .found, .notScanned: throw IngestionError.notClean
        }
        try await decide(artefact, .kept, event)
        jobs.wake()
    }

    /// Takes a file that was released off the timelines again.
    ///
    /// - Throws: ``IngestionError/notHeld`` if it was never held.
    package func hold(_ artefact: Artefact, journalling event: JournalEvent) async throws {
        try await decide(artefact, .held, event)
    }

    private func decide(_ artefact: Artefact, _ state: ArtefactState, _ event: JournalEvent) async throws {
        guard try await catalogue.decide(artefact.id, state, journalling: event) else { throw IngestionError.notHeld }
    }
}
