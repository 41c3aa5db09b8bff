package import Artefacts
internal import Inspecting
internal import Logging
internal import Storing

/// Where an artefact was made.
extension Ingestion {
    /// Where an artefact was made; `nil` where its file does not tell.
    ///
    /// Of a file that tells, and that came before places were kept, or whose
    /// record is damaged, it is found out again, and kept.
    ///
    /// - Throws: ``NotInspected`` where that cannot be found out now.
    package func place(of artefact: Artefact) async throws -> Position? {
        guard artefact.finding.media.hasLocation else { return nil }
        do {
            if let position = try await places.position(of: artefact.id) { return position }
        } catch RecordStoreError.damaged {
            logger.critical("the record of a place is damaged", metadata: ["artefact": "\(artefact.id)"])
        }
        guard let file = try await blobs.localFile(of: artefact.digest) else {
            throw BlobStoreError.missing(artefact.digest)
        }
        let inspection = await inspector.inspect(
            file, named: artefact.fileName, declared: artefact.declaredMimeType, receivedAt: artefact.receivedAt)
        guard !inspection.isIncomplete else { throw NotInspected() }
        if let position = inspection.position { try await places.keep(position, of: artefact.id) }
        return inspection.position
    }
}

/// A file that could not be inspected just now.
struct NotInspected: Error {}
