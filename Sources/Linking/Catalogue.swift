package import Artefacts
package import FoundationEssentials

/// The index: which child, which artefact, which entry, who may sign in, and
/// what was done.
///
/// Every method that writes is one transaction, journal included, and returns
/// once that transaction is on stable storage. Instants are kept to the
/// millisecond. A catalogue may be called from many tasks at once.
///
/// Every conformance passes `CatalogueConformance`.
package protocol Catalogue: Sendable {
    // MARK: Children

    /// Adds a child and journals `childAdded` as `event`.
    ///
    /// - Throws: `.externalIDTaken` if another child has one of the external
    ///   ids; nothing is then added.
    func add(_ child: Child, journalling event: JournalEvent) async throws(CatalogueError)

    /// The child, or `nil` if there is none of that name.
    func child(_ id: ChildID) async throws(CatalogueError) -> Child?

    /// Children by preferred name (case folded), then id.
    func children(_ query: ChildrenQuery) async throws(CatalogueError) -> Page<Child, ChildrenCursor>

    // MARK: Artefacts

    /// Links a finished upload: blob, artefact, entry and `event`, in one transaction.
    ///
    /// The second link of the same upload changes nothing and answers what the
    /// first one made, whatever identifiers it carries.
    ///
    /// - Throws: `.noSuchChild` if the child is not there.
    @discardableResult
    func link(_ link: Link, journalling event: JournalEvent) async throws(CatalogueError) -> Linked

    /// Puts a finding in place of the state `inspecting`, and dates the
    /// artefact's entries by it where no person dated them.
    ///
    /// An artefact that is no longer in that state stays as it is.
    func settle(_ id: ArtefactID, _ finding: Finding, journalling event: JournalEvent) async throws(CatalogueError)

    /// Records that an upload was refused; the second time for the same upload changes nothing.
    func refuse(_ refusal: Refusal, journalling event: JournalEvent) async throws(CatalogueError)

    /// The artefact with all its entries, or `nil`.
    func artefact(_ id: ArtefactID) async throws(CatalogueError) -> Linked?

    /// What became of an upload, or `nil` if it was neither linked nor refused.
    func outcome(of upload: UploadID) async throws(CatalogueError) -> UploadOutcome?

    /// Up to `limit` artefacts that are still in the state `inspecting`, oldest first.
    func uninspected(limit: Int) async throws(CatalogueError) -> [Artefact]

    /// Whether any artefact names the blob.
    func names(_ digest: Digest) async throws(CatalogueError) -> Bool

    /// One page of a child's entries, each with its artefact. Artefacts that
    /// were refused are left out.
    func timeline(_ query: TimelineQuery) async throws(CatalogueError) -> Page<TimelineItem, TimelineCursor>

    // MARK: Credentials

    /// Keeps a credential.
    func add(_ credential: Credential, journalling event: JournalEvent) async throws(CatalogueError)

    /// The credential of that secret if it is of that use and has not expired at `now`.
    func credential(_ secret: Digest, use: Credential.Use, at now: Date) async throws(CatalogueError) -> Credential?

    /// Exchanges a sign-in credential for a session, once; `nil` if it is used, expired or unknown.
    func exchange(
        signIn secret: Digest, for session: Credential, at now: Date, journalling event: JournalEvent
    ) async throws(CatalogueError) -> Credential?

    /// Ends a credential; ending it twice is not an error.
    func revoke(_ secret: Digest, journalling event: JournalEvent) async throws(CatalogueError)

    /// Whether any credential was ever kept.
    func hasCredentials() async throws(CatalogueError) -> Bool

    // MARK: Journal

    /// Appends events in the given order; durable on return.
    ///
    /// Calls that overlap may share one transaction.
    func record(_ events: [JournalEvent]) async throws(CatalogueError)

    /// Up to `limit` records after `sequence`, in order.
    func journal(after sequence: Int64, limit: Int) async throws(CatalogueError) -> [JournalRecord]
}

/// Why the catalogue did not do as asked.
package enum CatalogueError: Error, Hashable {
    case externalIDTaken(ExternalID)
    case noSuchChild(ChildID)
    /// The database said no; `reason` is for the log, never for a client.
    case database(reason: String)
    /// The disk is full; nothing of the transaction was kept.
    case noSpace
}

/// Part of a list, and where the next part begins.
package struct Page<Item: Sendable, Cursor: Sendable>: Sendable {
    package let items: [Item]
    /// Where the next page begins, or `nil` at the end.
    package let next: Cursor?

    package init(items: [Item], next: Cursor?) {
        self.items = items
        self.next = next
    }
}

/// Where a page of children begins: after this one.
package struct ChildrenCursor: Hashable, Sendable, Codable {
    package let name: String
    package let id: ChildID

    package init(name: String, id: ChildID) {
        self.name = name
        self.id = id
    }
}

/// Which children to list.
package struct ChildrenQuery: Hashable, Sendable {
    /// Only the child with this external id.
    package var externalID: ExternalID?
    /// Only children whose preferred name contains this text, case folded.
    package var nameContains: String?
    package var after: ChildrenCursor?
    /// Most items, 1 to 200.
    package var limit: Int

    package init(
        externalID: ExternalID? = nil, nameContains: String? = nil, after: ChildrenCursor? = nil, limit: Int = 50
    ) {
        self.externalID = externalID
        self.nameContains = nameContains
        self.after = after
        self.limit = limit
    }
}

/// A finished upload as it goes onto a child's timeline.
package struct Link: Hashable, Sendable {
    package let upload: UploadID
    package let artefact: Artefact
    package let entry: Entry
    /// ``Principal/name`` of who added it.
    package let addedBy: String

    package init(upload: UploadID, artefact: Artefact, entry: Entry, addedBy: String) {
        self.upload = upload
        self.artefact = artefact
        self.entry = entry
        self.addedBy = addedBy
    }
}

/// An artefact and its entries.
package struct Linked: Hashable, Sendable {
    package let artefact: Artefact
    /// Oldest first; at least one.
    package let entries: [Entry]

    package init(artefact: Artefact, entries: [Entry]) {
        self.artefact = artefact
        self.entries = entries
    }
}

/// An upload that policy did not let in; its bytes are not kept.
package struct Refusal: Hashable, Sendable {
    package let upload: UploadID
    package let child: ChildID
    package let digest: Digest
    package let size: Int64
    package let fileName: FileName
    /// A plain sentence for the person who sent it.
    package let reason: String
    package let at: Date

    package init(
        upload: UploadID, child: ChildID, digest: Digest, size: Int64, fileName: FileName, reason: String, at: Date
    ) {
        self.upload = upload
        self.child = child
        self.digest = digest
        self.size = size
        self.fileName = fileName
        self.reason = reason
        self.at = at
    }
}

/// What became of a finished upload.
package enum UploadOutcome: Hashable, Sendable {
    case linked(Linked)
    case refused(Refusal)
}

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

/// What lets somebody in. The secret itself is never kept, only its digest.
package struct Credential: Hashable, Sendable {
    /// What a secret is good for.
    package enum Use: String, Sendable, Codable {
        /// A bearer token of the API.
        case api
        /// A link that can be opened once.
        case signIn
        /// A browser session.
        case session
    }

    package let secret: Digest
    package let use: Use
    package let principal: Principal
    package let createdAt: Date
    package let expiresAt: Date

    package init(secret: Digest, use: Use, principal: Principal, createdAt: Date, expiresAt: Date) {
        self.secret = secret
        self.use = use
        self.principal = principal
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// One line of the journal, as kept.
package struct JournalRecord: Hashable, Sendable {
    /// 1, 2, 3, … without gaps.
    package let sequence: Int64
    package let event: JournalEvent
    /// The digest of the record before, all zeros for the first.
    package let previous: Digest
    /// The digest over ``previous`` and this record.
    package let digest: Digest

    package init(sequence: Int64, event: JournalEvent, previous: Digest, digest: Digest) {
        self.sequence = sequence
        self.event = event
        self.previous = previous
        self.digest = digest
    }
}
