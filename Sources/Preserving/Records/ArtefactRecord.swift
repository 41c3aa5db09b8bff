internal import Artefacts
internal import FoundationEssentials
internal import Linking

/// An artefact with its entries, as it is written beside the blobs.
///
/// Written down in Storage/README.md; a field may be added, never renamed.
struct ArtefactRecord: Codable {
    let id: ArtefactID
    let upload: UploadID
    let addedBy: String
    let digest: Digest
    let size: Int64
    let fileName: FileName
    let declaredMimeType: MediaType?
    let receivedAt: Date
    let declaredTimes: DeclaredTimes?
    let state: ArtefactState
    let reasons: [String]
    let mimeType: MediaType
    let kind: ArtefactKind
    let media: Media
    let captured: CaptureDate
    let puid: PUID?
    let report: String?
    /// `nil` in records of the first version, which knew of none.
    let derivatives: [DerivativeRecord]?
    /// Whether derivatives are still to be made.
    let isDeriving: Bool?
    /// `nil` in records of the first version: as usual.
    let presentation: Presentation?
    let entries: [EntryRecord]

    init(_ history: ArtefactHistory) {
        let (artefact, finding) = (history.artefact, history.artefact.finding)
        id = artefact.id
        upload = history.upload
        addedBy = history.addedBy
        digest = artefact.digest
        size = artefact.size
        fileName = artefact.fileName
        declaredMimeType = artefact.declaredMimeType
        receivedAt = artefact.receivedAt
        declaredTimes = artefact.declaredTimes
        state = finding.state
        reasons = finding.reasons
        mimeType = finding.mimeType
        kind = finding.kind
        media = finding.media
        captured = finding.captured
        puid = finding.puid
        report = finding.report
        derivatives = history.outcomes.map(DerivativeRecord.init)
        isDeriving = artefact.derivatives.isPending
        presentation = finding.presentation
        entries = zip(history.entries, history.writings).map(EntryRecord.init)
    }

    var history: ArtefactHistory {
        ArtefactHistory(
            upload: upload, addedBy: addedBy,
            artefact: Artefact(
                id: id, digest: digest, size: size, fileName: fileName, declaredMimeType: declaredMimeType,
                receivedAt: receivedAt, declaredTimes: declaredTimes,
                finding: Finding(
                    state: state, reasons: reasons, mimeType: mimeType, kind: kind, media: media, captured: captured,
                    puid: puid, report: report, presentation: presentation ?? .asUsual),
                derivatives: isDeriving.map { Derivatives(isPending: $0) }),
            outcomes: (derivatives ?? []).compactMap(\.outcome),
            entries: entries.map { $0.entry(of: id) }, writings: entries.map { $0.history(addedBy: addedBy) })
    }
}

/// One entry of an artefact.
struct EntryRecord: Codable {
    let id: EntryID
    let child: ChildID
    let happened: CaptureDate
    let words: EntryWords
    let createdAt: Date
    let addedAs: Principal.Role.Name?
    /// Oldest first; `nil` in records from before anything could be corrected.
    let writings: [Writing]?

    init(_ entry: Entry, _ writings: [Writing]) {
        id = entry.id
        child = entry.child
        happened = entry.happened
        words = entry.words
        createdAt = entry.createdAt
        addedAs = entry.addedAs
        self.writings = writings
    }

    func history(addedBy: String) -> [Writing] { writings ?? words.writings(by: addedBy, at: createdAt) }

    func entry(of artefact: ArtefactID) -> Entry {
        Entry(
            id: id, child: child, artefact: artefact, happened: happened, words: words, createdAt: createdAt,
            addedAs: addedAs)
    }
}
