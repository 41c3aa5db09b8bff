package import Artefacts
internal import FoundationEssentials
package import Inspecting
package import Linking
package import Logging
package import Receiving
package import Scanning
package import Storing

/// The pipeline: receive → inspect → store → link.
///
/// The only place that knows the order of the stages, which is also the plan
/// for recovery: bytes are durable before the index names them, and the upload
/// goes last. So each step may run twice, and after a crash the pipeline is
/// simply run again (see ``recover()``).
package struct Ingestion: Sendable {
    let uploads: any UploadStore
    let registry: UploadRegistry
    let reserve: SpaceReserve
    package let ledger: UploadLedger
    let blobs: any BlobStore
    let places: PlaceStore
    let gate: BlobGate
    let catalogue: any Catalogue
    let inspector: Inspector
    let examination: Examination
    let rush: Rush
    /// The service that does what is left to do after a file was linked.
    package let jobs: JobQueue
    package let settings: IngestionSettings
    let logger: Logger

    /// - Parameter gate: held between storing and linking, so that no blob is collected there.
    package init(
        uploads: any UploadStore, blobs: any BlobStore, places: PlaceStore, gate: BlobGate,
        catalogue: any Catalogue, inspector: Inspector, renderer: Renderer, scanner: any Scanner,
        settings: IngestionSettings, rush: Rush = Rush(), logger: Logger
    ) {
        self.uploads = uploads
        self.registry = UploadRegistry()
        let reserve = SpaceReserve(bytes: settings.reserve, of: uploads)
        self.reserve = reserve
        self.ledger = UploadLedger(limits: settings.limits)
        self.blobs = blobs
        self.places = places
        self.gate = gate
        self.catalogue = catalogue
        self.inspector = inspector
        self.settings = settings
        self.logger = logger
        examination = Examination(inspector: inspector, scanner: scanner, logger: logger)
        self.rush = rush
        jobs = JobQueue(
            LateInspection(
                blobs: blobs, places: places, catalogue: catalogue, examination: examination.givingWay(),
                logger: logger),
            Derivation(
                spools: uploads, reserve: reserve, blobs: blobs, gate: gate, catalogue: catalogue, renderer: renderer),
            catalogue: catalogue, settings: settings.jobs, rush: rush, logger: logger)
    }

    /// Begins a resumable upload; durable on return.
    ///
    /// - Throws: ``IngestionError``.
    package func begin(_ declaration: UploadDeclaration) async throws {
        if let length = declaration.length, length > settings.maximumSize {
            throw IngestionError.refused(.tooLarge(maximum: settings.maximumSize))
        }
        do {
            try ledger.admit(declaration.id, from: declaration.owner.name, bytes: declaration.length ?? 0)
            guard try await reserve.isLeft(after: declaration.length ?? 0) else { throw IngestionError.noSpace }
            _ = try await uploads.create(declaration)
            try await catalogue.record([
                JournalEvent(
                    at: declaration.createdAt, actor: declaration.owner.name, act: .uploadCreated,
                    subject: declaration.id.description, child: declaration.child)
            ])
        } catch {
            ledger.close(declaration.id)
            throw Self.translated(error)
        }
        UploadMeters.began(declaration)
    }

    /// An upload that has begun, or `nil` if it was never, is finished, or has expired.
    package func upload(_ id: UploadID) async throws -> StoredUpload? {
        guard let upload = try await uploads.upload(id) else { return nil }
        return upload.mayExpire && upload.declaration.expiresAt < Date() ? nil : upload
    }

    /// What became of a finished upload, or `nil`.
    package func outcome(of id: UploadID) async throws -> UploadOutcome? {
        try await catalogue.outcome(of: id)
    }

    /// The upload as a client that wants to go on needs it: a request that is
    /// still running for it is ended first, so that the offset is the last word.
    ///
    /// One whose bytes are all there is finished first, and is `nil` then: a
    /// client that hears of the last byte takes the file for kept.
    package func settledUpload(_ id: UploadID) async throws -> StoredUpload? {
        // Nothing to be ended here, should a newer request come: this one ends by itself at once.
        try await registry.holding(id, preempt: {}) {
            guard let stored = try await upload(id) else { return nil }
            guard let received = Received(stored) else { return stored }
            _ = try await finish(received)
            return nil
        }
    }

    /// Tries again to finish what could not be finished; answers how many could be now.
    func finishStuck() async throws -> Int {
        var count = 0
        for id in await registry.stuck where try await settledUpload(id) == nil { count += 1 }
        return count
    }

    /// Ends an unfinished upload and removes its bytes.
    package func cancel(_ id: UploadID, by principal: Principal) async throws {
        try await registry.holding(id, preempt: {}) {
            guard let stored = try await upload(id) else { throw IngestionError.noSuchUpload }
            try await remove(id)
            try await catalogue.record([
                JournalEvent(
                    at: Date(), actor: principal.name, act: .uploadCancelled, subject: id.description,
                    child: stored.declaration.child)
            ])
            UploadMeters.ended(stored.declaration.dialect, .cancelled)
        }
    }

    /// What was declared of an upload that came to its end, for as long as its client may ask.
    package func ended(_ id: UploadID) async throws -> UploadDeclaration? { try await uploads.ended(id) }

    /// Forgets an upload of which nothing became, and its bytes.
    func remove(_ id: UploadID) async throws {
        try await uploads.remove(id)
        await close(id)
    }

    /// Ends an upload of which something became.
    func end(_ id: UploadID) async throws {
        try await uploads.end(id)
        await close(id)
    }

    /// Ends an upload that became a blob. One that came in one request leaves nothing then.
    func endStored(_ declaration: UploadDeclaration) async throws {
        if declaration.dialect == .whole { ledger.close(declaration.id) } else { try await end(declaration.id) }
    }

    private func close(_ id: UploadID) async {
        await registry.remember(stuck: id, false)
        await registry.remember(nil, of: id)
        ledger.close(id)
    }

    static func isOurs(_ error: any Error) -> Bool {
        error is UploadRefusal || error is UploadStoreError || error is IngestionError || error is AdmissionRefusal
    }

    static func translated(_ error: any Error) -> any Error {
        switch error {
        case let refusal as UploadRefusal: IngestionError.refused(refusal)
        case let refusal as AdmissionRefusal: IngestionError.notNow(refusal)
        case UploadStoreError.noSpace, BlobStoreError.noSpace, CatalogueError.noSpace: IngestionError.noSpace
        case UploadStoreError.missing: IngestionError.noSuchUpload
        default: error
        }
    }
}

extension StoredUpload {
    /// Whether it is one that nobody may come back for: its bytes are not all
    /// there, or they are a piece of a file that was never put together.
    var mayExpire: Bool { received == nil || declaration.concatenation == .partial }
}
