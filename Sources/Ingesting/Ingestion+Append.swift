package import Artefacts
internal import FoundationEssentials
internal import Linking
package import NIOCore
internal import Receiving

/// What comes in by requests that can be resumed.
extension Ingestion {
    /// Appends the body of one request; finishes the upload with its last byte.
    ///
    /// - Throws: ``IngestionError``, and what `request.mayFinish` throws; what was committed stays.
    package func append<Body: AsyncSequence>(
        _ body: Body, to id: UploadID, _ request: AppendRequest
    ) async throws -> AppendOutcome where Body.Element == ByteBuffer {
        let preempt: @Sendable () -> Void = {
            UploadMeters.preempted()
            request.preempt()
        }
        return try await registry.holding(id, preempt: preempt) {
            guard let stored = try await upload(id) else { return try await appendToEnded(id, request) }
            if case .final = stored.declaration.concatenation { throw IngestionError.refused(.isFinal) }
            if stored.received != nil { return try await finish(again: stored, request) }
            do {
                return try await ledger.receiving { try await append(body, to: stored, request) }
            } catch let error where Self.isOurs(error) {
                throw Self.translated(error)
            }
        }
    }

    /// An older request finished the upload while this one waited for its turn.
    private func appendToEnded(_ id: UploadID, _ request: AppendRequest) async throws -> AppendOutcome {
        guard let outcome = try await outcome(of: id) else { throw IngestionError.noSuchUpload }
        if case .linked(let linked) = outcome, request.position != linked.artefact.size || request.contentLength != 0 {
            throw IngestionError.refused(
                .offsetMismatch(expected: linked.artefact.size, provided: request.position))
        }
        return .finished(outcome)
    }

    /// All bytes are there, and what follows did not work or was not heard of: the client asks for it again.
    private func finish(again stored: StoredUpload, _ request: AppendRequest) async throws -> AppendOutcome {
        guard request.position == stored.offset, request.contentLength ?? 0 == 0 else {
            throw IngestionError.refused(.offsetMismatch(expected: stored.offset, provided: request.position))
        }
        guard let received = Received(stored) else { return .receiving(offset: stored.offset) }
        try await request.mayFinish()
        return .finished(try await finish(received))
    }

    private func append<Body: AsyncSequence>(
        _ body: Body, to stored: StoredUpload, _ request: AppendRequest
    ) async throws -> AppendOutcome where Body.Element == ByteBuffer {
        let declaration = stored.declaration
        let id = declaration.id
        var open = try await reopen(stored)
        open.onCommit = { [ledger] offset in
            ledger.grow(id, to: offset)
            request.onCommit?(offset)
        }
        open.onHead = { try await refusePrograms($0, declaration) }
        do {
            try open.state.mayAppend(at: request.position, contentLength: request.contentLength)
            if request.position > 0 { UploadMeters.resumed(declaration.dialect) }
            if let length = request.length { try await open.promise(length: length) }
            try await open.append(body, leaving: reserve, checking: request.check)
            if case .withThisRequest = request.ending { try open.state.mayEnd() }
        } catch let refused as RefusedProgram {
            return .finished(.refused(try await refuse(refused, open)))
        } catch {
            UploadMeters.received(open.committed - stored.offset, declaration.dialect)
            await registry.remember(open.checkpoint, of: id)
            // What is not ours is the connection's: the client went away.
            throw Self.isOurs(error) ? error : IngestionError.interrupted
        }
        UploadMeters.received(open.state.offset - stored.offset, declaration.dialect)
        guard request.ending.isReached(by: open.state) else {
            try await open.commit()
            await registry.remember(open.checkpoint, of: id)
            return .receiving(offset: open.committed)
        }
        return try await conclude(open, declaration, request)
    }

    /// The last byte is there.
    private func conclude(
        _ open: consuming OpenUpload, _ declaration: UploadDeclaration, _ request: AppendRequest
    ) async throws -> AppendOutcome {
        do {
            try await request.mayFinish()
        } catch {
            try await open.commit()
            throw error
        }
        await registry.remember(nil, of: declaration.id)
        let size = open.state.offset
        guard let received = try await complete(open, declaration) else {
            try await putTogether(finalsOf: declaration.id)
            return .receiving(offset: size)
        }
        return .finished(try await finish(received))
    }

    private func reopen(_ stored: StoredUpload) async throws -> OpenUpload {
        let id = stored.declaration.id
        let spool = try await uploads.open(id)
        let digester: Digester
        if let checkpoint = await registry.checkpoint(of: id), checkpoint.offset == stored.offset {
            digester = checkpoint.digester
        } else {
            digester = try await spool.digester(of: stored.offset)
        }
        let state = UploadState(length: stored.length, maximumSize: settings.maximumSize, offset: stored.offset)
        return OpenUpload(spool: spool, state: state, digester: digester)
    }

    /// Makes durable that all bytes are there; `nil` if they are a piece of a file only.
    func complete(_ open: consuming OpenUpload, _ declaration: UploadDeclaration) async throws -> Received? {
        rush.begin()
        defer { rush.end() }
        let digest: Digest
        let size: Int64
        do {
            (digest, size) = try await open.complete { digest in
                guard let promised = declaration.digest, promised != digest else { return }
                try await remove(declaration.id)
                UploadMeters.ended(declaration.dialect, .digestMismatch)
                throw IngestionError.digestMismatch
            }
        } catch {
            throw Self.translated(error)
        }
        return Received(declaration: declaration, digest: digest, size: size, staged: open.spool.staged)
    }
}

extension AppendRequest.Ending {
    fileprivate func isReached(by state: UploadState) -> Bool {
        switch self {
        case .atLength: state.hasAll
        case .withThisRequest: true
        case .later: false
        }
    }
}
