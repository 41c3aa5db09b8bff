internal import Artefacts
internal import FoundationEssentials
internal import Linking

/// An artefact as the API shows it.
struct ArtefactResponse: Encodable {
    let id: ArtefactID
    let digest: Digest
    let size: Int64
    let mimeType: MediaType
    let declaredMimeType: MediaType?
    let puid: PUID?
    let kind: ArtefactKind
    let fileName: String
    let state: ArtefactState
    let reasons: [String]
    let receivedAt: Date
    let media: Media
    let captured: CaptureDateResponse
    let derivatives: [DerivativeResponse]
    let href: String

    init(_ artefact: Artefact) {
        id = artefact.id
        digest = artefact.digest
        size = artefact.size
        mimeType = artefact.finding.mimeType
        declaredMimeType = artefact.declaredMimeType
        puid = artefact.finding.puid
        kind = artefact.finding.kind
        fileName = artefact.fileName.text
        state = artefact.finding.state
        reasons = artefact.finding.reasons
        receivedAt = artefact.receivedAt
        media = artefact.finding.media
        captured = CaptureDateResponse(artefact.finding.captured)
        derivatives = artefact.derivatives.made.map { DerivativeResponse($0, of: artefact.id) }
        href = "/v1/artefacts/\(artefact.id)"
    }
}

/// What was made of an artefact, and where it is.
struct DerivativeResponse: Encodable {
    let kind: DerivativeKind
    let mimeType: MediaType
    /// Bytes.
    let size: Int64
    let href: String

    init(_ derivative: Derivative, of artefact: ArtefactID) {
        kind = derivative.kind
        mimeType = derivative.mimeType
        size = derivative.size
        href = Self.href(derivative.kind, of: artefact)
    }

    static func href(_ kind: DerivativeKind, of artefact: ArtefactID) -> String {
        "/v1/artefacts/\(artefact)/derivatives/\(kind.rawValue)"
    }
}

/// A date with all that is known of it.
struct CaptureDateResponse: Encodable {
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

/// An entry as the API shows it.
struct EntryResponse: Encodable {
    let id: EntryID
    let child: ChildID
    let happened: CaptureDateResponse
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

    init(_ entry: Entry) {
        id = entry.id
        child = entry.child
        happened = CaptureDateResponse(entry.happened)
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
    }
}

/// One line of a timeline: the entry with its artefact.
struct TimelineItemResponse: Encodable {
    private let entry: EntryResponse
    private let artefact: ArtefactResponse
    private let contentHref: String

    private enum CodingKeys: String, CodingKey { case artefact, contentHref }

    init(_ item: TimelineItem) {
        entry = EntryResponse(item.entry)
        artefact = ArtefactResponse(item.artefact)
        contentHref = "/v1/artefacts/\(item.artefact.id)/content"
    }

    func encode(to encoder: any Encoder) throws {
        try entry.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(artefact, forKey: .artefact)
        try container.encode(contentHref, forKey: .contentHref)
    }
}

/// What was added: the artefact and its place on the timeline.
struct AddedResponse: Encodable {
    let artefact: ArtefactResponse
    let entry: EntryResponse

    init?(_ linked: Linked, on child: ChildID) {
        guard let entry = linked.entries.first(where: { $0.child == child }) else { return nil }
        artefact = ArtefactResponse(linked.artefact)
        self.entry = EntryResponse(entry)
    }
}

/// An artefact with those of its entries that the caller may see.
struct ArtefactWithEntriesResponse: Encodable {
    private let artefact: ArtefactResponse
    private let entries: [EntryResponse]

    private enum CodingKeys: String, CodingKey { case entries }

    init(_ artefact: Artefact, _ entries: [Entry]) {
        self.artefact = ArtefactResponse(artefact)
        self.entries = entries.map(EntryResponse.init)
    }

    func encode(to encoder: any Encoder) throws {
        try artefact.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(entries, forKey: .entries)
    }
}
