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
    /// The blob's file was just written: what was known of its damage counts no more.
    /// Asks for the jobs that the artefact needs: to be inspected, or to have derivatives made.
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
    /// An artefact that is no longer in that state stays as it is. One that is
    /// kept then has derivatives made; the job to inspect it has ended in any case.
    func settle(_ id: ArtefactID, _ finding: Finding, journalling event: JournalEvent) async throws(CatalogueError)

    /// Keeps what a person decided about an artefact that is or was held: that
    /// it is `kept`, with derivatives to be made, or `held`; answers whether there was something to decide.
    func decide(
        _ id: ArtefactID, _ state: ArtefactState, journalling event: JournalEvent
    ) async throws(CatalogueError) -> Bool

    /// Records that an upload was refused; the second time for the same upload changes nothing.
    func refuse(_ refusal: Refusal, journalling event: JournalEvent) async throws(CatalogueError)

    /// The artefact with all its entries, or `nil`.
    func artefact(_ id: ArtefactID) async throws(CatalogueError) -> Linked?

    /// What became of an upload, or `nil` if it was neither linked nor refused.
    func outcome(of upload: UploadID) async throws(CatalogueError) -> UploadOutcome?

    /// Up to `limit` artefacts in the order of their identifiers, after the given one.
    func artefacts(after cursor: ArtefactID?, limit: Int) async throws(CatalogueError) -> [ArtefactID]

    /// One page of a child's entries, each with its artefact. Artefacts that
    /// were refused are left out.
    func timeline(_ query: TimelineQuery) async throws(CatalogueError) -> Page<TimelineItem, TimelineCursor>

    /// Every entry of a child with its artefact, whoever may see it, newest
    /// first. Artefacts that were refused are left out.
    ///
    /// As of one instant: an entry that somebody dates anew meanwhile is there
    /// once. Holds the whole list, so for exports only.
    func story(of child: ChildID) async throws(CatalogueError) -> [TimelineItem]

    // MARK: Writings

    /// The entry with its artefact, or `nil` if there is none.
    func entry(_ id: EntryID) async throws(CatalogueError) -> TimelineItem?

    /// Has the entry say what was written, in place of what it said, and
    /// answers it as it then is; `nil` if there is none.
    ///
    /// What says nothing new is left out; each other one is kept for good, and
    /// journalled as `corrected`. The words are found, and the former ones are
    /// not, from the same transaction on. A `happenedAt` that is taken away
    /// leaves the date of the artefact.
    ///
    /// - Throws: `.tooMuchWritten` if more was written about it than is kept;
    ///   nothing is then changed.
    @discardableResult
    func write(_ writings: [Writing], about entry: EntryID) async throws(CatalogueError) -> TimelineItem?

    /// All that was written about an entry, oldest first; no more than
    /// ``mostWritten``, so there are no pages.
    func writings(about entry: EntryID) async throws(CatalogueError) -> [Writing]

    // MARK: Search

    /// One page of a child's entries that have all the words, newest first.
    ///
    /// In captions, transcripts and descriptions of all that ``timeline(_:)`` shows,
    /// and in what was read in artefacts that are kept. Case and accents make no difference.
    func search(_ query: SearchQuery) async throws(CatalogueError) -> Page<SearchHit, TimelineCursor>

    /// Has the first ``longestSearchedText`` bytes of what was read in an
    /// artefact found, on every story that the artefact is on, in place of what
    /// was read before. An empty text is found by nobody.
    ///
    /// Goes with the artefact's last entry. Is nowhere but in the index: one
    /// that was made anew from the records has what people wrote alone, until the text of
    /// each artefact is given to it again.
    func index(text: String, of artefact: ArtefactID) async throws(CatalogueError)

    // MARK: Derivatives

    /// Keeps what came of making a derivative, in place of what there was of
    /// its kind; a failure leaves one that was made before, and is not journalled then.
    ///
    /// The blob's file was just written. The derivative that it replaces is referred to no more.
    func keep(
        _ outcome: DerivativeOutcome, of artefact: ArtefactID, journalling event: JournalEvent
    ) async throws(CatalogueError)

    /// What came of making derivatives of an artefact, in the order of the names of their kinds.
    func outcomes(of artefact: ArtefactID) async throws(CatalogueError) -> [DerivativeOutcome]

    // MARK: Jobs

    /// Takes the job that is first in line of those that are due, or `nil`
    /// where none is. That it was begun is counted, and durable on return: one
    /// that ends the daemon each time is known by that.
    ///
    /// - Parameter due: since when it must have been due; not later than now.
    func takeJob(_ task: JobTask, at now: Date, dueSince due: Date) async throws(CatalogueError) -> Job?

    /// Says how a job that was taken came to an end; it may go on as another task. One that was asked for anew meanwhile is another.
    func end(_ job: Job, _ ending: JobEnding) async throws(CatalogueError)

    /// Puts jobs back in line that ran when a daemon ended, and counts it; answers how many.
    /// To be called before any is taken.
    ///
    /// - Parameter due: when one is due again that was stopped so often.
    func resumeJobs(until due: @escaping @Sendable (_ stops: Int) -> Date) async throws(CatalogueError) -> Int

    /// Asks, in no hurry, for derivatives of those of the artefacts that are
    /// kept to be made anew; answers of how many.
    func deriveAgain(_ artefacts: [ArtefactID], at now: Date) async throws(CatalogueError) -> Int

    /// Asks for failed jobs anew, those of one artefact or all; answers how many.
    func retryJobs(of artefact: ArtefactID?, at now: Date) async throws(CatalogueError) -> Int

    /// Up to `limit` jobs: those that failed, those that run, and then those that wait, in their order.
    func jobs(limit: Int) async throws(CatalogueError) -> [Job]

    /// How many jobs of each task there are.
    func jobCounts() async throws(CatalogueError) -> [JobCounts]

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

    // MARK: Fixity

    /// Up to `limit` blobs that were not verified since `instant`, those first
    /// that were verified longest ago.
    func blobs(notVerifiedSince instant: Date, limit: Int) async throws(CatalogueError) -> [StoredBlob]

    /// Up to `limit` blobs in the order of their digests, after the given one.
    func storedBlobs(after cursor: Digest?, limit: Int) async throws(CatalogueError) -> [StoredBlob]

    /// Up to `limit` blobs that were found to be damaged.
    func damagedBlobs(limit: Int) async throws(CatalogueError) -> [StoredBlob]

    /// Keeps what was found; journals `blobDamaged` and `blobHealed` where that
    /// is news. Blobs that the index does not know are passed over. What is made of
    /// an original is asked for again when it is damaged.
    func record(fixity verifications: [Verification]) async throws(CatalogueError)

    /// How the blobs are, all in all.
    func fixity() async throws(CatalogueError) -> FixitySummary

    /// Begins a verification of all blobs, or goes on with one that did not come
    /// to its end unless it is to begin anew.
    func fixityRun(at now: Date, anew: Bool) async throws(CatalogueError) -> FixityRun

    /// Ends a verification of all blobs. The second time changes nothing.
    func finish(_ run: FixityRun, journalling event: JournalEvent) async throws(CatalogueError)

    // MARK: Records beside the blobs

    /// Up to `limit` things whose records are not as the index is, in the order of their changes.
    ///
    /// Children, artefacts with their entries, and refusals.
    func changedRecords(limit: Int) async throws(CatalogueError) -> [ChangedRecord]

    /// What each record is to say, as of one instant, or `nil` where the thing is gone.
    func records(of changed: [ChangedRecord]) async throws(CatalogueError) -> [IndexedRecord?]

    /// Says that the records were written, as of those changes.
    func written(_ records: [ChangedRecord]) async throws(CatalogueError)

    /// The sequence up to which the journal was written beside the blobs.
    func writtenJournal() async throws(CatalogueError) -> Int64

    /// Says how far the journal was written.
    func written(journalUpTo sequence: Int64) async throws(CatalogueError)

    /// Puts things back that a lost index had, without journalling anything.
    ///
    /// - Throws: `.noSuchChild` if the child of an entry was not put back before.
    func restore(_ records: [IndexedRecord]) async throws(CatalogueError)

    /// Puts records of the journal back as they were.
    func restore(journal records: [JournalRecord]) async throws(CatalogueError)

    /// Remembers blobs that no record told of: a person decides, and nobody collects them.
    func setAside(_ blobs: [StoredBlob]) async throws(CatalogueError)

    /// Blobs that were set aside and that no artefact refers to yet.
    func unplacedBlobs() async throws(CatalogueError) -> [StoredBlob]

    // MARK: Garbage

    /// Those of the blobs that are an artefact's or a derivative's, or that were set aside.
    func referenced(among digests: [Digest]) async throws(CatalogueError) -> Set<Digest>

    /// Forgets a blob and journals that, unless it is referenced; answers whether it did.
    func forget(blob digest: Digest, journalling event: JournalEvent) async throws(CatalogueError) -> Bool

    // MARK: Journal

    /// Appends events in the given order; durable on return.
    ///
    /// Calls that overlap may share one transaction.
    func record(_ events: [JournalEvent]) async throws(CatalogueError)

    /// Up to `limit` records after `sequence`, in order.
    func journal(after sequence: Int64, limit: Int) async throws(CatalogueError) -> [JournalRecord]

    /// Up to `limit` records after `sequence` that concern a child, in order:
    /// those of that child, and those of no child whose subject is an artefact
    /// on the child's timeline. Never one of another child, not even about an
    /// artefact that both have.
    func journal(
        about child: ChildID, after sequence: Int64, limit: Int
    ) async throws(CatalogueError) -> [JournalRecord]
}

extension Catalogue {
    /// Takes the job that is first in line of those that are due.
    package func takeJob(_ task: JobTask, at now: Date) async throws(CatalogueError) -> Job? {
        try await takeJob(task, at: now, dueSince: now)
    }
}

/// Most UTF-8 bytes of what was read in an artefact that are searched.
package let longestSearchedText = 200 << 10

/// Most UTF-8 bytes that are kept of all that was ever written about an entry,
/// with ``writingOverhead`` for each time: a record has to hold it.
package let mostWritten = 2 << 20

/// Bytes that a writing counts for beside its text.
package let writingOverhead = 128

/// Why the catalogue did not do as asked.
package enum CatalogueError: Error, Hashable {
    case externalIDTaken(ExternalID)
    case noSuchChild(ChildID)
    case tooMuchWritten(EntryID)
    /// The database said no; `reason` is for the log, never for a client.
    case database(reason: String)
    /// The disk is full; nothing of the transaction was kept.
    case noSpace
}
