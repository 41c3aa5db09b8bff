internal import Artefacts
internal import Linking

extension TimelinePageItem {
    /// What the page shows of an entry.
    init(_ item: TimelineItem, for principal: Principal) {
        self.init(SearchHit(item: item, foundIn: .caption, snippet: []), for: principal)
    }

    /// What the page shows of an entry that was found.
    init(_ hit: SearchHit, for principal: Principal) {
        let (entry, artefact, pieces) = (hit.item.entry, hit.item.artefact, hit.snippet)
        let finding = artefact.finding
        let shown = ShownArtefact(artefact, entry.words, for: principal)

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
        let isWholeCaption =
            hit.foundIn == .caption && !pieces.isEmpty
            && pieces.map(\.text).joined() == entry.words.caption
        caption = isWholeCaption ? nil : entry.words.caption
        transcript = entry.words.transcript.map {
            Transcript(label: Wording.transcript(of: finding.kind), text: $0)
        }
        language = entry.words.language?.description
        correction = Correction(entry, for: principal)
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
        snippetLabel = pieces.isEmpty ? nil : Wording.place(hit.foundIn)
        snippetLanguage = hit.foundIn == .text ? nil : language
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

extension Wording {
    /// Where words are, unless it is in the words to the child.
    fileprivate static func place(_ field: SearchedField) -> String? {
        switch field {
        case .caption: nil
        case .transcript: "In what is said or written in it:"
        case .altText: "In the description:"
        case .text: "In the file:"
        }
    }
}

extension TimelinePageItem.Correction {
    init?(_ entry: Entry, for principal: Principal) {
        let action = Action.correctEntry(of: entry.child, entry.words.visibility, addedAs: entry.addedAs)
        guard AccessPolicy.decide(principal, action) == .allowed else { return nil }
        self.init(
            action: "/entries/\(entry.id)", former: entry.words.fingerprint, caption: entry.words.caption,
            altText: entry.words.altText, transcript: entry.words.transcript,
            language: entry.words.language?.description)
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
