package import Artefacts
package import Linking
internal import Logging
package import NIOCore
package import Receiving

/// What comes in by one request, and is lost with it.
extension Ingestion {
    /// Opens room for a file that comes in one request and cannot be resumed.
    ///
    /// Take its bytes into what this returns, then ``keep(_:as:)`` or ``drop(_:)`` it.
    package func openTransient(_ declaration: UploadDeclaration) async throws -> OpenUpload {
        var open = try await openTransient(declaration.id, from: declaration.owner, length: declaration.length)
        open.onHead = { try await refusePrograms($0, declaration) }
        return open
    }

    /// Does the same for a file of which no more is known yet.
    package func openTransient(
        _ id: UploadID, from sender: Principal, length: Int64?
    ) async throws -> OpenUpload {
        let state = UploadState(length: length, maximumSize: settings.maximumSize)
        do {
            try ledger.admit(id, from: sender.name, bytes: length ?? 0)
            try state.mayAppend(at: 0, contentLength: length)
            guard try await reserve.isLeft(after: length ?? 0) else { throw IngestionError.noSpace }
            let spool = try await uploads.createTransient(id)
            return OpenUpload(spool: spool, state: state, digester: Digester())
        } catch {
            ledger.close(id)
            throw Self.translated(error)
        }
    }

    /// Takes the next bytes of a transient upload.
    package func take(_ buffer: ByteBuffer, into open: inout OpenUpload) async throws {
        do {
            try await open.take(buffer, leaving: reserve)
        } catch let refused as RefusedProgram {
            throw IngestionError.program(try await refuse(refused, open))
        } catch {
            throw Self.translated(error)
        }
    }

    /// Takes the whole body of a request.
    ///
    /// - Throws: ``IngestionError``; what the body throws if the client goes away.
    package func take<Body: AsyncSequence>(
        _ body: Body, into open: inout OpenUpload, checking check: ChecksumCheck
    ) async throws where Body.Element == ByteBuffer {
        var check = check
        for try await buffer in body {
            check.take(buffer)
            try await take(buffer, into: &open)
        }
        do {
            try await check.end()
        } catch {
            throw Self.translated(error)
        }
    }

    /// Finishes a transient upload.
    ///
    /// - Throws: ``IngestionError/interrupted`` if bytes that were promised are not there.
    package func keep(_ open: consuming OpenUpload, as declaration: UploadDeclaration) async throws -> UploadOutcome {
        if let length = open.state.length, length != open.taken { throw IngestionError.interrupted }
        UploadMeters.received(open.taken, declaration.dialect)
        guard let received = try await complete(open, declaration) else {
            preconditionFailure("what comes in one request is a file of its own")
        }
        return try await finish(received)
    }

    /// Removes a transient upload whose request failed. Its client was told
    /// nothing; a request of this kind starts again.
    package func drop(_ id: UploadID) async {
        do {
            try await remove(id)
        } catch {
            logger.warning("a transient upload stays until the next start: \(error)")
        }
    }
}
