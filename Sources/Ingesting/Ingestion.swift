package import Artefacts
internal import FoundationEssentials
package import Inspecting
package import Linking
package import Logging
package import NIOCore
package import Receiving
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
    let blobs: any BlobStore
    let gate: BlobGate
    let catalogue: any Catalogue
    let inspector: Inspector
    let backlog: InspectionBacklog
    package let settings: IngestionSettings
    let logger: Logger

    /// - Parameter gate: held between storing and linking, so that no blob is collected there.
    package init(
        uploads: any UploadStore, blobs: any BlobStore, gate: BlobGate, catalogue: any Catalogue,
        inspector: Inspector, settings: IngestionSettings, logger: Logger
    ) {
        self.uploads = uploads
        self.registry = UploadRegistry()
        self.blobs = blobs
        self.gate = gate
        self.catalogue = catalogue
        self.inspector = inspector
        self.settings = settings
        self.logger = logger
        backlog = InspectionBacklog(blobs: blobs, catalogue: catalogue, inspector: inspector, logger: logger)
    }

    /// The service that inspects what took too long while its client waited.
    package var inspections: InspectionBacklog { backlog }

    /// Begins a resumable upload; durable on return.
    ///
    /// - Throws: ``IngestionError``.
    package func begin(_ declaration: UploadDeclaration) async throws {
        if let length = declaration.length, length > settings.maximumSize {
            throw IngestionError.refused(.tooLarge(maximum: settings.maximumSize))
        }
        do {
            guard try await reserve.isLeft(after: declaration.length ?? 0) else { throw IngestionError.noSpace }
            _ = try await uploads.create(declaration)
        } catch {
            throw Self.translated(error)
        }
        try await catalogue.record([
            JournalEvent(
                at: declaration.createdAt, actor: declaration.owner.name, act: .uploadCreated,
                subject: declaration.id.description, child: declaration.child)
        ])
    }

    /// An upload that has begun, or `nil` if it was never, is finished, or has expired.
    package func upload(_ id: UploadID) async throws -> StoredUpload? {
        guard let upload = try await uploads.upload(id) else { return nil }
        return upload.received == nil && upload.declaration.expiresAt < Date() ? nil : upload
    }

    /// What became of a finished upload, or `nil`.
    package func outcome(of id: UploadID) async throws -> UploadOutcome? {
        try await catalogue.outcome(of: id)
    }

    /// The upload as a client that wants to go on needs it: a request that is
    /// still running for it is ended first, so that the offset is the last word.
    package func settledUpload(_ id: UploadID) async throws -> StoredUpload? {
        // Nothing to be ended here, should a newer request come: this one ends by itself at once.
        try await registry.holding(id, preempt: {}) { try await upload(id) }
    }

    /// Appends the body of one request at `position`; finishes the upload with its last byte.
    ///
    /// - Parameter preempt: ends the body, should a newer request come.
    /// - Throws: ``IngestionError``; what was committed stays.
    package func append<Body: AsyncSequence>(
        _ body: Body, to id: UploadID, at position: Int64, contentLength: Int64?,
        preempt: @escaping @Sendable () -> Void
    ) async throws -> AppendOutcome where Body.Element == ByteBuffer {
        try await registry.holding(id, preempt: preempt) {
            guard let stored = try await upload(id) else { throw IngestionError.noSuchUpload }
            if let received = Received(stored) {
                // All bytes are there, and what follows did not work: the client asks for it again.
                guard position == received.size else {
                    throw IngestionError.refused(.offsetMismatch(expected: received.size, provided: position))
                }
                return .finished(try await finish(received))
            }
            var open = try await reopen(stored)
            do {
                try open.state.mayAppend(at: position, contentLength: contentLength)
                try await open.append(body, leaving: reserve)
            } catch {
                await registry.remember(open.checkpoint, of: id)
                // What is not ours is the connection's: the client went away.
                throw Self.isOurs(error) ? Self.translated(error) : IngestionError.interrupted
            }
            guard open.state.isComplete else {
                await registry.remember(open.checkpoint, of: id)
                return .receiving(offset: open.committed)
            }
            await registry.remember(nil, of: id)
            return .finished(try await complete(open, stored.declaration))
        }
    }

    /// Opens room for a file that comes in one request and cannot be resumed.
    ///
    /// Take its bytes into what this returns, then ``keep(_:as:)`` or ``drop(_:)`` it.
    package func openTransient(_ id: UploadID, length: Int64?) async throws -> OpenUpload {
        let state = UploadState(length: length, maximumSize: settings.maximumSize)
        do {
            try state.mayAppend(at: 0, contentLength: length)
            guard try await reserve.isLeft(after: length ?? 0) else { throw IngestionError.noSpace }
            return OpenUpload(spool: try await uploads.createTransient(id), state: state, digester: Digester())
        } catch {
            throw Self.translated(error)
        }
    }

    /// Takes the next bytes of a transient upload.
    package func take(_ buffer: ByteBuffer, into open: inout OpenUpload) async throws {
        do {
            try await open.take(buffer, leaving: reserve)
        } catch {
            throw Self.translated(error)
        }
    }

    /// Finishes a transient upload.
    ///
    /// - Throws: ``IngestionError/interrupted`` if bytes that were promised are not there.
    package func keep(_ open: consuming OpenUpload, as declaration: UploadDeclaration) async throws -> UploadOutcome {
        do {
            try await open.flush()
        } catch {
            throw Self.translated(error)
        }
        if let length = open.state.length, length != open.state.offset { throw IngestionError.interrupted }
        return try await complete(open, declaration)
    }

    /// Removes a transient upload whose request failed. Its client was told
    /// nothing; a request of this kind starts again.
    package func drop(_ id: UploadID) async {
        do {
            try await uploads.remove(id)
        } catch {
            logger.warning("a transient upload stays until the next start: \(error)")
        }
    }

    /// Ends an unfinished upload and removes its bytes.
    package func cancel(_ id: UploadID, by principal: Principal) async throws {
        try await registry.holding(id, preempt: {}) {
            guard let stored = try await upload(id) else { throw IngestionError.noSuchUpload }
            try await uploads.remove(id)
            await registry.remember(nil, of: id)
            try await catalogue.record([
                JournalEvent(
                    at: Date(), actor: principal.name, act: .uploadCancelled, subject: id.description,
                    child: stored.declaration.child)
            ])
        }
    }

    private func reopen(_ stored: StoredUpload) async throws -> OpenUpload {
        let id = stored.declaration.id
        do {
            let spool = try await uploads.open(id)
            let digester: Digester
            if let checkpoint = await registry.checkpoint(of: id), checkpoint.offset == stored.offset {
                digester = checkpoint.digester
            } else {
                digester = try await spool.digester(of: stored.offset)
            }
            let state = UploadState(
                length: stored.declaration.length, maximumSize: settings.maximumSize, offset: stored.offset)
            return OpenUpload(spool: spool, state: state, digester: digester)
        } catch {
            throw Self.translated(error)
        }
    }

    private func complete(_ open: OpenUpload, _ declaration: UploadDeclaration) async throws -> UploadOutcome {
        let (digest, size) = (open.digest, open.state.offset)
        do {
            try await open.spool.complete(digest, size: size)
        } catch {
            throw Self.translated(error)
        }
        return try await finish(
            Received(declaration: declaration, digest: digest, size: size, staged: open.spool.staged))
    }

    private var reserve: SpaceReserve { SpaceReserve(bytes: settings.reserve, of: uploads) }

    private static func isOurs(_ error: any Error) -> Bool {
        error is UploadRefusal || error is UploadStoreError || error is IngestionError
    }

    static func translated(_ error: any Error) -> any Error {
        switch error {
        case let refusal as UploadRefusal: IngestionError.refused(refusal)
        case UploadStoreError.noSpace, BlobStoreError.noSpace, CatalogueError.noSpace: IngestionError.noSpace
        case UploadStoreError.missing: IngestionError.noSuchUpload
        default: error
        }
    }
}

/// How a request to append ended.
package enum AppendOutcome: Sendable {
    /// More is to come; the bytes before `offset` are durable.
    case receiving(offset: Int64)
    case finished(UploadOutcome)
}
