internal import Artefacts
internal import DurableFiles
internal import FoundationEssentials
internal import Linking
internal import Logging
internal import NIOCore
package import Receiving
internal import Storing

/// Files that are put together from pieces, each of which is an upload.
///
/// Pieces are sealed with keys of their own, so their bytes are sealed anew; a
/// piece may be named several times, and stays until it expires.
///
/// Source: tus 1.0.0, extensions "concatenation" and "concatenation-unfinished".
extension Ingestion {
    /// Begins a final upload, and puts it together if its pieces are all there.
    ///
    /// The same declaration once more changes nothing: a proxy that lost the
    /// first answer makes clients ask again.
    ///
    /// - Throws: ``IngestionError/notConcatenable(_:)``.
    package func beginFinal(_ declaration: UploadDeclaration) async throws {
        let id = declaration.id
        if try await outcome(of: id) != nil { return }
        if try await uploads.upload(id) == nil {
            _ = try await pieces(of: declaration)
            try await begin(declaration)
        }
        await registry.expect(final: id)
        try await putTogether(id)
    }

    /// Bytes that the final upload will have; `nil` while a piece has no length yet.
    package func length(ofFinal declaration: UploadDeclaration) async throws -> Int64? {
        try await Self.length(of: pieces(of: declaration))
    }

    /// Puts together the finals that waited for this piece.
    func putTogether(finalsOf piece: UploadID) async throws {
        for id in await registry.expectedFinals {
            guard let final = try await uploads.upload(id),
                case .final(let pieces) = final.declaration.concatenation, pieces.contains(piece)
            else { continue }
            do {
                try await putTogether(id)
            } catch {
                // The piece is safe; whoever asks for the final is told what is wrong with that.
                logger.error("a final upload could not be put together: \(error)")
            }
        }
    }

    /// Puts a final upload together if its pieces are all there.
    func putTogether(_ id: UploadID) async throws {
        try await registry.holding(id, preempt: {}) {
            guard let final = try await upload(id) else { return await registry.forget(final: id) }
            if let received = Received(final) {
                // All is there, and what followed did not work.
                _ = try await finish(received)
                return await registry.forget(final: id)
            }
            let pieces = try await pieces(of: final.declaration)
            guard pieces.allSatisfy({ $0.received != nil }) else { return }
            try await putTogether(final, pieces)
            await registry.forget(final: id)
        }
    }

    private func putTogether(_ final: StoredUpload, _ pieces: [StoredUpload]) async throws {
        guard try await reserve.isLeft(after: Self.length(of: pieces) ?? 0) else { throw IngestionError.noSpace }
        let state = UploadState(length: nil, maximumSize: settings.maximumSize)
        do {
            var open = OpenUpload(
                spool: try await uploads.open(final.declaration.id), state: state, digester: Digester())
            open.commitsOnTheWay = false
            for piece in pieces {
                var position: Int64 = 0
                while position < piece.offset {
                    let end = min(position + Self.chunk, piece.offset)
                    let bytes = try await uploads.bytes(position..<end, of: piece.declaration.id)
                    try await open.take(bytes, leaving: reserve)
                    position = end
                }
            }
            try await open.flush()
            if let received = try await complete(open, final.declaration) { _ = try await finish(received) }
        } catch {
            throw Self.translated(error)
        }
    }

    private static let chunk: Int64 = 512 << 10

    private func pieces(of declaration: UploadDeclaration) async throws -> [StoredUpload] {
        guard case .final(let ids) = declaration.concatenation else { return [] }
        var pieces: [StoredUpload] = []
        for id in ids {
            guard let piece = try await upload(id), piece.declaration.owner == declaration.owner else {
                throw IngestionError.notConcatenable(.missing)
            }
            guard piece.declaration.concatenation == .partial else {
                throw IngestionError.notConcatenable(.notPartial)
            }
            pieces.append(piece)
        }
        if let length = Self.length(of: pieces), length > settings.maximumSize {
            throw IngestionError.notConcatenable(.tooLarge(maximum: settings.maximumSize))
        }
        return pieces
    }

    private static func length(of pieces: [StoredUpload]) -> Int64? {
        pieces.reduce(.some(0)) { sum, piece in
            guard let sum, let length = piece.received == nil ? piece.length : piece.offset else { return nil }
            return sum.addingReportingOverflow(length).overflow ? .max : sum + length
        }
    }
}
