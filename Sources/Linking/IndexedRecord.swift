package import Artefacts

/// All that the index knows of one thing, to be kept beside the blobs, so that
/// the index can be made anew from there.
package enum IndexedRecord: Hashable, Sendable {
    case child(Child)
    case artefact(ArtefactHistory)
    case refusal(Refusal)

    /// What a record is of.
    package enum Kind: String, Sendable, CaseIterable {
        case child, artefact, refusal
    }
}

/// An artefact with how it came, and its places on timelines.
package struct ArtefactHistory: Hashable, Sendable {
    package let upload: UploadID
    /// ``Principal/name`` of who added it.
    package let addedBy: String
    package let artefact: Artefact
    /// What came of making derivatives, in the order of the names of their kinds.
    package let outcomes: [DerivativeOutcome]
    /// Oldest first.
    package let entries: [Entry]
    /// What was written about each of the entries, oldest first.
    package let writings: [[Writing]]

    /// - Parameter writings: for each entry; `nil` where nothing was corrected.
    package init(
        upload: UploadID, addedBy: String, artefact: Artefact, outcomes: [DerivativeOutcome] = [], entries: [Entry],
        writings: [[Writing]]? = nil
    ) {
        self.upload = upload
        self.addedBy = addedBy
        self.artefact = artefact
        self.outcomes = outcomes
        self.entries = entries
        self.writings = writings ?? entries.map { $0.words.writings(by: addedBy, at: $0.createdAt) }
        precondition(self.writings.count == entries.count, "each entry has its writings")
    }
}

/// A thing whose record is not as the index is any more.
package struct ChangedRecord: Hashable, Sendable {
    package let kind: IndexedRecord.Kind
    /// The identifier of the thing.
    package let id: String
    /// Grows with each change, also of the same thing.
    package let change: Int64

    package init(kind: IndexedRecord.Kind, id: String, change: Int64) {
        self.kind = kind
        self.id = id
        self.change = change
    }
}
