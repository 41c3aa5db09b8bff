internal import Artefacts
internal import FoundationEssentials

/// All that is known of one artefact of the story, in the API's names.
///
/// Apart from the API's own answers, so that what was archived once is
/// archived alike for ever.
struct SidecarMetadata: Encodable {
    let id: ArtefactID
    let digest: Digest
    let size: Int64
    let fileName: FileName
    let mimeType: MediaType
    let declaredMimeType: MediaType?
    let kind: ArtefactKind
    let state: ArtefactState
    let reasons: [String]
    let receivedAt: Date
    let media: Media
    let captured: DateMetadata
    /// Where the bytes are, below `data/`; absent where they are not in the bag.
    let original: String?
    /// The entries of the one child whose story this is.
    let entries: [EntryMetadata]

    /// - Parameter writings: all that was ever written about the entry, oldest first.
    init(_ original: Original, _ writings: [Writing]) {
        let (artefact, finding) = (original.artefact, original.artefact.finding)
        id = artefact.id
        digest = artefact.digest
        size = artefact.size
        fileName = artefact.fileName
        mimeType = finding.mimeType
        declaredMimeType = artefact.declaredMimeType
        kind = finding.kind
        state = finding.state
        reasons = finding.reasons
        receivedAt = artefact.receivedAt
        media = finding.media
        captured = DateMetadata(finding.captured)
        self.original = original.path
        entries = [EntryMetadata(original.entry, writings)]
    }
}

/// An entry of the story.
struct EntryMetadata: Encodable {
    let id: EntryID
    let child: ChildID
    let happened: DateMetadata
    let caption: String?
    let transcript: String?
    let altText: String?
    let language: LanguageTag?
    let voice: Voice?
    let lenses: [Lens]
    let contributor: String?
    let visit: String?
    let visibility: Visibility
    let createdAt: Date
    /// Who wrote what of it, and when; oldest first.
    let history: [Writing]

    init(_ entry: Entry, _ writings: [Writing]) {
        id = entry.id
        child = entry.child
        happened = DateMetadata(entry.happened)
        caption = entry.words.caption
        transcript = entry.words.transcript
        altText = entry.words.altText
        language = entry.words.language
        voice = entry.words.voice
        lenses = entry.words.lenses
        contributor = entry.words.contributor
        visit = entry.words.visit
        visibility = entry.words.visibility
        createdAt = entry.createdAt
        history = writings
    }
}

/// A date with all that is known of it.
struct DateMetadata: Encodable {
    let at: Date
    let precision: CaptureDate.Precision
    let source: CaptureDate.Source
    let confidence: CaptureDate.Confidence
    /// As `+01:00`, or absent where it is not known.
    let offset: String?

    init(_ date: CaptureDate) {
        at = date.at
        precision = date.precision
        source = date.source
        confidence = date.confidence
        offset = date.offset.map(Instant.text(ofOffset:))
    }
}
