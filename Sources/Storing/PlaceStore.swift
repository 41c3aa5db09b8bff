package import Artefacts
package import FoundationEssentials

/// Where artefacts were made: a sealed record for each that tells, apart from
/// everything else that is known of it.
package struct PlaceStore: Sendable {
    private let records: RecordStore

    private static let kind = "place"

    /// One record, as it is written.
    private struct Written: Codable {
        /// So that a record under another's name is no record.
        let artefact: ArtefactID
        let position: Position
    }

    package init(_ records: RecordStore) {
        self.records = records
    }

    /// Keeps where an artefact was made; durable on return. What was kept of it before is replaced.
    package func keep(_ position: Position, of artefact: ArtefactID) async throws {
        let written = Written(artefact: artefact, position: position)
        try await records.write([(Self.name(of: artefact), try RecordJSON.bytes(of: written))])
    }

    /// Where an artefact was made; `nil` where nothing is kept of that.
    ///
    /// - Throws: `.damaged` if the record is not what was written.
    package func position(of artefact: ArtefactID) async throws(RecordStoreError) -> Position? {
        let name = Self.name(of: artefact)
        guard let bytes = try await records.find(name) else { return nil }
        // An error of parsing could quote what it found.
        guard let written = try? RecordJSON.value(Written.self, from: bytes), written.artefact == artefact else {
            throw .damaged(name)
        }
        return written.position
    }

    /// The artefacts whose places are kept, by id.
    package func artefacts() async throws(RecordStoreError) -> [ArtefactID] {
        try await records.names(of: Self.kind).compactMap { ArtefactID(parsing: $0.id) }
    }

    /// When the place of an artefact was kept; `nil` where none is.
    package func keptAt(of artefact: ArtefactID) async throws(RecordStoreError) -> Date? {
        try await records.writtenAt(Self.name(of: artefact))
    }

    /// Forgets where an artefact was made; durable on return.
    package func remove(of artefact: ArtefactID) async throws(RecordStoreError) {
        try await records.remove(Self.name(of: artefact))
    }

    private static func name(of artefact: ArtefactID) -> RecordStore.Name {
        RecordStore.Name(kind: kind, id: artefact.description)
    }
}
