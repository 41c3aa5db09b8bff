internal import Artefacts

/// One entry of the story on its page.
struct StoryPageEntry {
    private let original: Original
    private var entry: Entry { original.entry }
    private var artefact: Artefact { original.artefact }
    private var finding: Finding { original.artefact.finding }

    init(_ original: Original) { self.original = original }

    var html: String {
        ([#"<li id="\#(entry.id)"><article class="card">"#, heading] + notices + content + transcript + caption + [
            facts
        ])
        .joined(separator: "\n") + "\n</article></li>"
    }

    private var heading: String {
        let happened = entry.happened
        let guess = Wording.guess(happened.source).map { " (\($0))" } ?? ""
        return "<h2>\(Wording.kind(finding.kind)), "
            + #"<time datetime="\#(Instant.text(of: happened.at))">"#
            + "\(Wording.date(happened))</time>\(guess)</h2>"
    }

    private var notices: [String] {
        var notices: [String] = []
        switch finding.state {
        case .kept: break
        case .inspecting: notices.append("This file had not been checked yet when the story was saved.")
        case .held, .refused:
            notices.append((["This file is held for a person to look at."] + finding.reasons).joined(separator: " "))
        }
        if let absence = original.absence {
            notices.append(
                "\(artefact.fileName) could not be saved with the story: \(absence.words). "
                    + "What is known about it is in metadata/\(artefact.id).json.")
        }
        return notices.map { #"<p class="notice">\#(Markup.escaped($0))</p>"# }
    }

    /// The image or recording itself where browsers show it, else a link to the file.
    private var content: [String] {
        guard let path = original.path else { return [] }
        let name = Markup.escaped(artefact.fileName.text)
        let described = entry.words.altText ?? entry.words.caption
        let label = Markup.escaped(described ?? artefact.fileName.text)
        let language = described == nil ? "" : self.language
        let paper = #"<p class="paper">The recording is in the file \#(path).</p>"#
        let isShown = finding.mayBeShown
        return switch isShown ? finding.mimeType.type : "" {
        case "image": [#"<a href="\#(path)"><img src="\#(path)" alt="\#(label)"\#(language) loading="lazy"></a>"#]
        case "video", "audio":
            [
                #"<\#(finding.mimeType.type) controls preload="metadata" src="\#(path)" aria-label="\#(label)"\#(language)>"#
                    + "</\(finding.mimeType.type)>", paper,
            ]
        default: [#"<a class="file" href="\#(path)" download>Download <bdi>\#(name)</bdi></a>"#]
        }
    }

    /// Not folded up, so that it is on paper too.
    private var transcript: [String] {
        entry.words.transcript.map {
            [
                #"<details class="transcript" open><summary>\#(Wording.transcript(of: finding.kind))</summary>"#,
                #"<p dir="auto"\#(language)>\#(Markup.escaped($0))</p></details>"#,
            ]
        } ?? []
    }

    private var caption: [String] {
        entry.words.caption.map { [#"<p class="caption" dir="auto"\#(language)>\#(Markup.escaped($0))</p>"#] } ?? []
    }

    /// An attribute of what people wrote.
    private var language: String { entry.words.language.map { #" lang="\#($0)""# } ?? "" }

    private var facts: String {
        let words = entry.words
        let facts =
            [words.voice.map(Wording.voice), words.contributor.map { "From \($0)" }]
            + words.lenses.map(Wording.lens)
            + [
                Wording.visibility(words.visibility), artefact.fileName.text,
                finding.media.duration.map(Wording.duration), Wording.size(artefact.size),
            ]
        return #"<p class="facts">"#
            + facts.compactMap { $0.map { "<bdi>\(Markup.escaped($0))</bdi>" } }.joined(separator: " · ") + "</p>"
    }
}
