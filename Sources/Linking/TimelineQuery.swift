package import Artefacts
package import FoundationEssentials

/// One line of a child's story.
package struct TimelineItem: Hashable, Sendable {
    package let entry: Entry
    package let artefact: Artefact

    package init(entry: Entry, artefact: Artefact) {
        self.entry = entry
        self.artefact = artefact
    }
}

/// Where a page of a timeline begins: after this entry in the order of the query.
package struct TimelineCursor: Hashable, Sendable, Codable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let happenedAt: Int64
    package let id: EntryID

    package init(happenedAt: Int64, id: EntryID) {
        self.happenedAt = happenedAt
        self.id = id
    }
}

/// Which entries of a child's timeline to list.
package struct TimelineQuery: Hashable, Sendable {
    /// By when things happened.
    package enum Order: String, Sendable, CaseIterable { case newest, oldest }

    package var child: ChildID
    /// Entries that the reader may see; see ``AccessPolicy``.
    package var visibilities: [Visibility]
    package var order: Order = .newest
    /// Half-open range of when it happened: from, inclusive; to, exclusive.
    package var from: Date?
    package var to: Date?
    package var lens: Lens?
    package var voice: Voice?
    package var kind: ArtefactKind?
    package var contributor: String?
    package var visit: String?
    package var after: TimelineCursor?
    /// Most items, 1 to 200.
    package var limit: Int = 50

    package init(child: ChildID, visibilities: [Visibility]) {
        self.child = child
        self.visibilities = visibilities
    }
}
