internal import Artefacts

/// What a page shows of an artefact's bytes: a small picture before the
/// original, and what every browser plays before what only some do.
struct ShownArtefact {
    private let artefact: Artefact
    private let words: EntryWords
    private let mayOpen: Bool
    private let maySeeLocation: Bool

    init(_ artefact: Artefact, _ words: EntryWords, for principal: Principal) {
        self.artefact = artefact
        self.words = words
        let whole = Action.readOriginal(mayTellPlace: artefact.finding.mayTellPlace)
        let isWhole = AccessPolicy.decide(principal, whole) == .allowed
        maySeeLocation = AccessPolicy.decide(principal, .seeLocation) == .allowed
        mayOpen = artefact.finding.state == .kept && (isWhole || artefact.derivatives[.withoutLocation] != nil)
    }

    /// What people wrote of it, for those who do not see it.
    private var described: String? { words.altText ?? words.caption }
    private var alt: String { described ?? "\(Wording.kind(artefact.finding.kind)): \(artefact.fileName)" }
    private var language: String? { described.flatMap { _ in words.language?.description } }

    private var type: MediaType { artefact.finding.mimeType }
    private var isKept: Bool { artefact.finding.state == .kept }

    /// The original, or its copy without a location; `nil` where the reader gets neither.
    var original: String? { mayOpen ? "/v1/artefacts/\(artefact.id)/content" : nil }

    /// Where it is told where it was made.
    var location: String? {
        isKept && artefact.finding.media.hasLocation && maySeeLocation ? "/artefacts/\(artefact.id)/location" : nil
    }

    private func href(_ kind: DerivativeKind) -> String? {
        artefact.derivatives[kind].map { DerivativeResponse.href($0.kind, of: artefact.id) }
    }

    /// The original where browsers show it.
    private var shownOriginal: String? { artefact.finding.mayBeShown ? original : nil }

    /// What browsers play or show of the whole.
    private var whole: String? { href(.preview) ?? shownOriginal }

    var image: TimelinePageItem.Picture? {
        guard isKept, type.type != "video", type.type != "audio" else { return nil }
        // As long as the small picture is being made, the large original is not sent in its place.
        let isFallback = type.type == "image" && !artefact.derivatives.isPending
        guard let source = href(.thumbnail) ?? (isFallback ? whole : nil) else { return nil }
        let size = artefact.finding.media.shownSize(upTo: 480)
        let isPage = type.type != "image" && artefact.finding.kind != .drawing
        return TimelinePageItem.Picture(
            source: source, href: href(.poster) ?? whole ?? original ?? source,
            alt: isPage ? words.altText ?? "The first page of \(artefact.fileName)" : alt,
            altLanguage: isPage && words.altText == nil ? nil : language, isPage: isPage, width: size?.width,
            height: size?.height)
    }

    var video: TimelinePageItem.Recording? {
        guard isKept, type.type == "video", let whole else { return nil }
        let size = artefact.finding.media.shownSize(upTo: 1280)
        let picture = href(.poster) ?? href(.thumbnail)
        return TimelinePageItem.Recording(
            source: whole, label: alt, labelLanguage: language, picture: picture,
            preload: picture == nil ? "metadata" : "none",
            width: size?.width, height: size?.height)
    }

    var audio: TimelinePageItem.Recording? {
        guard isKept, type.type == "audio", let whole else { return nil }
        return TimelinePageItem.Recording(
            source: whole, label: alt, labelLanguage: language, picture: href(.waveformPicture), preload: "metadata",
            width: nil, height: nil)
    }

    /// The words in a document.
    var text: String? { type.type == "text" ? nil : href(.text) }

    /// To have what cannot be looked at here.
    var download: TimelinePageItem.Download? {
        let isLookedAt = image != nil || video != nil || audio != nil
        guard let original, !isLookedAt || !["image", "video", "audio"].contains(type.type) else { return nil }
        return TimelinePageItem.Download(
            content: original, label: "Save", fileName: artefact.fileName.text, size: Wording.size(artefact.size))
    }

    /// Whether people miss it: the words of a text are the text itself.
    private func isLookedAt(_ kind: DerivativeKind) -> Bool {
        kind != .withoutLocation && (kind != .text || type.type != "text")
    }

    /// Why there is nothing to look at, or to listen to, yet.
    var waiting: TimelinePageItem.Waiting? {
        guard isKept, image == nil, video == nil, audio == nil, text == nil else { return nil }
        if artefact.derivatives.isPending {
            return TimelinePageItem.Waiting(
                text: "The preview is being made. The file is safe; please look again in a moment.", isPassing: true)
        }
        guard artefact.derivatives.failed.contains(where: { isLookedAt($0.kind) }) else { return nil }
        return TimelinePageItem.Waiting(
            text: "The original is safe; a preview could not be made.", isPassing: false)
    }
}

extension Media {
    /// How large it is shown, turned as ``orientation`` says, with at most so
    /// many pixels on its longer side; `nil` where that is not known.
    func shownSize(upTo limit: Int) -> (width: Int, height: Int)? {
        guard let width, let height, width > 0, height > 0 else { return nil }
        let isTurned = (orientation ?? 1) >= 5
        let scale = min(1, Double(limit) / Double(max(width, height)))
        let (wide, high) = (max(1, Int(Double(width) * scale)), max(1, Int(Double(height) * scale)))
        return isTurned ? (high, wide) : (wide, high)
    }
}
