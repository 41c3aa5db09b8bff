internal import Artefacts
internal import Linking

extension TimelinePageItem {
    /// What the page shows of an entry.
    init(_ item: TimelineItem) {
        let (entry, artefact) = (item.entry, item.artefact)
        let finding = artefact.finding
        let content = "/v1/artefacts/\(artefact.id)/content"
        let isShown = finding.state == .kept && finding.mimeType.isShownInBrowsers
        let shown = Shown(
            content: content, alt: entry.words.caption ?? "\(Wording.kind(finding.kind)): \(artefact.fileName)")

        id = entry.id.description
        kind = finding.kind.rawValue
        kindLabel = Wording.kind(finding.kind)
        instant = Instant.text(of: entry.happened.at)
        when = Wording.date(entry.happened)
        isGuess = entry.happened.source == .received
        image = isShown && finding.mimeType.type == "image" ? shown : nil
        video = isShown && finding.mimeType.type == "video" ? shown : nil
        audio = isShown && finding.mimeType.type == "audio" ? shown : nil
        let isPlayed = image != nil || video != nil || audio != nil
        fileName = artefact.fileName.text
        size = Wording.size(artefact.size)
        download =
            finding.state == .kept && !isPlayed
            ? Download(content: content, label: "Save", fileName: fileName, size: size) : nil
        waiting = Self.waiting(finding)
        caption = entry.words.caption
        voice = entry.words.voice.map(Wording.voice)
        lensLabels = entry.words.lenses.map(Wording.lens)
        restricted = Wording.visibility(entry.words.visibility)
        duration = finding.media.duration.map(Wording.duration)
    }

    private static func waiting(_ finding: Finding) -> Waiting? {
        switch finding.state {
        case .inspecting: Waiting(text: "This file is safe. We are still checking it; please look again in a moment.")
        case .held: Waiting(text: finding.reasons.joined(separator: " "))
        case .kept, .refused: nil
        }
    }
}
