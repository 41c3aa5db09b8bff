package import Artefacts

/// What is in a bag, and what ought to be.
package struct ExportSummary: Hashable, Sendable {
    /// Originals in the bag.
    package let artefacts: Int
    /// Bytes of those originals.
    package let bytes: Int64
    /// Artefacts whose bytes are not in the bag; what is known of them is.
    package let missing: [MissingOriginal]

    init(_ originals: [Original]) {
        let written = originals.filter { $0.absence == nil }
        artefacts = written.count
        bytes = written.reduce(0) { $0 + $1.artefact.size }
        missing = originals.compactMap { original in
            original.absence.map { MissingOriginal(original.artefact, $0) }
        }
    }
}

/// An artefact whose bytes are not in the bag, as `data/missing.json` has it.
package struct MissingOriginal: Hashable, Sendable, Encodable {
    package let artefact: ArtefactID
    package let fileName: FileName
    package let digest: Digest
    package let reason: Absence

    init(_ artefact: Artefact, _ reason: Absence) {
        self.artefact = artefact.id
        fileName = artefact.fileName
        digest = artefact.digest
        self.reason = reason
    }
}

/// Why the bytes of an artefact are not in the bag.
package enum Absence: String, Sendable, Encodable {
    /// The store has no such blob.
    case missing
    /// The bytes in the store are not the ones that were stored.
    case damaged
    /// The store, or the disk, did not give them.
    case unreadable

    /// As the end of a sentence about a file.
    package var words: String {
        switch self {
        case .missing: "it is not in the store"
        case .damaged: "it is damaged in the store"
        case .unreadable: "the store could not read it"
        }
    }
}
