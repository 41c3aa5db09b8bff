internal import Artefacts
internal import Linking

extension TimelinePageItem {
    /// What the page shows of an entry.
    init(_ item: TimelineItem, for principal: Principal) { self.init(item, snippet: [], for: principal) }

    /// What the page shows of an entry that was found.
    init(_ item: TimelineItem, snippet pieces: [SnippetPiece], for principal: Principal) {
        let (entry, artefact) = (item.entry, item.artefact)
        let finding = artefact.finding
        let shown = ShownArtefact(artefact, caption: entry.words.caption, for: principal)

        id = entry.id.description
        kind = finding.kind.rawValue
        kindLabel = Wording.kind(finding.kind)
        instant = Instant.text(of: entry.happened.at)
        when = Wording.date(entry.happened)
        guess = Wording.guess(entry.happened.source)
        decision = Decision(artefact, entry.child, for: principal)
        image = shown.image
        video = shown.video
        audio = shown.audio
        download = shown.download
        text = shown.text
        location = shown.location
        waiting = Self.waiting(finding) ?? shown.waiting
        // A short caption is shown once, with the words marked in it.
        let isWholeCaption = !pieces.isEmpty && pieces.map(\.text).joined() == entry.words.caption
        caption = isWholeCaption ? nil : entry.words.caption
        voice = entry.words.voice.map(Wording.voice)
        lensLabels = entry.words.lenses.map(Wording.lens)
        restricted = Wording.visibility(entry.words.visibility)
        fileName = artefact.fileName.text
        size = Wording.size(artefact.size)
        original = shown.download == nil ? shown.original : nil
        duration = finding.media.duration.map(Wording.duration)
        snippet = pieces.map { Piece(match: $0.isMatch ? $0.text : nil, between: $0.isMatch ? nil : $0.text) }
        hasSnippet = !pieces.isEmpty
        snippetPlace = isWholeCaption ? "caption" : "snippet"
    }

    private static func waiting(_ finding: Finding) -> Waiting? {
        switch finding.state {
        case .inspecting:
            Waiting(
                text: finding.reasons.joined(separator: " ").nonEmpty
                    ?? "This file is safe. We are still checking it; please look again in a moment.",
                isPassing: true)
        case .held: Waiting(text: finding.reasons.joined(separator: " "), isPassing: false)
        case .kept, .refused: nil
        }
    }
}

extension TimelinePageItem.Decision {
    init?(_ artefact: Artefact, _ child: ChildID, for principal: Principal) {
        guard AccessPolicy.decide(principal, .decideHeld(of: child)) == .allowed, !artefact.finding.reasons.isEmpty
        else { return nil }
        switch artefact.finding.state {
        case .held:
            self.init(
                action: "/artefacts/\(artefact.id)/release", label: "Let it be seen",
                hint: "Everybody who may see this entry can then save the file.")
        case .kept:
            self.init(
                action: "/artefacts/\(artefact.id)/hold", label: "Hold it back again",
                hint: "It was held, and a person let it be seen.")
        case .inspecting, .refused: return nil
        }
    }
}
