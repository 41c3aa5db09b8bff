internal import Artefacts
internal import FoundationEssentials

/// The story as one page that any browser opens, without a network and without scripts.
struct StoryPage {
    private let child: Child
    private let originals: [Original]
    private let savedAt: Date

    /// `originals` as they are to be shown, newest first.
    init(of child: Child, _ originals: [Original], savedAt: Date) {
        self.child = child
        self.originals = originals
        self.savedAt = savedAt
    }

    var html: String {
        let name = Markup.escaped(child.preferredName)
        return """
            <!DOCTYPE html>
            <html lang="en-GB">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="script-src 'none'; object-src 'none'">
            <title>\(name)’s story</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <main>
            <h1><bdi>\(name)</bdi>’s story</h1>
            <p>\(summary)</p>
            <ol class="story">
            \(originals.map { StoryPageEntry($0).html }.joined(separator: "\n"))
            </ol>
            </main>
            <footer>
            <p>The files as they were given are in the folder <a href="originals/">originals</a>. What is known about \
            each is in <a href="metadata/">metadata</a>, and who did what and when is in \
            <a href="events.xml">events.xml</a>.</p>
            </footer>
            </body>
            </html>

            """
    }

    private var summary: String {
        let day = "Saved from Keepsake on \(Wording.instant(savedAt, offset: nil))."
        return switch originals.count {
        case 0: "There was nothing in this story yet. \(day)"
        case 1: "One thing to remember. \(day)"
        default: "\(originals.count) things to remember, the newest first. \(day)"
        }
    }

    private static let style = """
        :root {
          color-scheme: light dark; --ground: #fbf6f0; --card: #fff; --ink: #2c2420; --soft: #6a5c53;
          --line: #e5d9cd; --accent: #9a4222; --tint: #f6e7db;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #1e1916; --card: #2a2420; --ink: #f5ece4; --soft: #c2b2a6;
            --line: #463c35; --accent: #f0a17f; --tint: #3a2e27;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 1.0625rem/1.55 system-ui, sans-serif; }
        main, footer { max-width: 46rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
        h1 { font-size: 1.9rem; line-height: 1.2; margin: 1rem 0 .5rem; }
        h2 { font-size: 1.1rem; margin: 0 0 .6rem; }
        a { color: var(--accent); }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        .story { list-style: none; margin: 1.5rem 0; padding: 0; display: grid; gap: 1.4rem; }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: 1rem; }
        img { display: block; max-width: 100%; max-height: 36rem; margin: 0 auto; border-radius: .6rem; }
        video { display: block; width: 100%; max-height: 36rem; border-radius: .6rem; background: #000; }
        audio { display: block; width: 100%; }
        .caption { font-size: 1.2rem; margin: .8rem 0 .4rem; white-space: pre-line; }
        .transcript { margin: .8rem 0 0; }
        .transcript summary { color: var(--soft); }
        .transcript p { margin: .2rem 0 0; white-space: pre-line; }
        .file { display: inline-block; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .7rem; }
        .notice { background: var(--tint); border-left: 5px solid var(--accent); margin: 0 0 .8rem; padding: .7rem; }
        .facts { color: var(--soft); font-size: .9rem; margin: .7rem 0 0; }
        .paper { display: none; }
        footer { color: var(--soft); border-top: 1px solid var(--line); margin-top: 2rem; }
        @media print {
          :root {
            color-scheme: light; --ground: #fff; --card: #fff; --ink: #000; --soft: #333;
            --line: #999; --accent: #000; --tint: #eee;
          }
          .story { display: block; }
          .card { break-inside: avoid; margin-bottom: 1rem; }
          img { max-height: 16cm; }
          audio, video { display: none; }
          .paper { display: block; }
        }
        """
}
