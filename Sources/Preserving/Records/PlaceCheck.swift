package import Artefacts
package import Storing

/// Reads every record of where an artefact was made, to see whether each still
/// is what was written: the index could not write them anew.
package struct PlaceCheck: Sendable {
    private let places: PlaceStore

    /// As much as a record takes on a disk: the pace is that of reading blobs.
    private static let cost = 4096

    package init(_ places: PlaceStore) {
        self.places = places
    }

    /// What was found.
    package struct Result: Sendable {
        /// Records read.
        package var verified = 0
        /// The artefacts whose records are damaged, by id.
        package var damaged: [ArtefactID] = []
    }

    package func run(pace: Pace) async throws -> Result {
        var result = Result()
        for artefact in try await places.artefacts() {
            do {
                _ = try await places.position(of: artefact)
            } catch RecordStoreError.damaged {
                result.damaged.append(artefact)
            }
            result.verified += 1
            try await pace.spend(Self.cost)
        }
        return result
    }

    /// Puts the records of a backup in place of damaged ones; answers of which artefacts.
    package func heal(_ damaged: [ArtefactID], from backup: PlaceStore) async throws -> [ArtefactID] {
        var healed: [ArtefactID] = []
        for artefact in damaged {
            guard let position = try? await backup.position(of: artefact) else { continue }
            try await places.keep(position, of: artefact)
            healed.append(artefact)
        }
        return healed
    }
}
