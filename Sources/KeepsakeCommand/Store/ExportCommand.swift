import ArgumentParser
import Artefacts
import Exporting
import FoundationEssentials
import Linking
import Storing
import SystemPackage

/// `keepsake export`: a child's story in a folder that needs no Keepsake.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a child’s whole story into a folder that can be read without Keepsake.",
        discussion: """
            The folder is a BagIt bag (RFC 8493): the original files, what is known about each, who did \
            what and when, a digest of every file, and story.html for any browser.

            It has every entry of the story, also those that not everybody may see, and the originals as \
            they came, with whatever a camera wrote into them, such as the place: give it only to those \
            who may see it all.

            Works on the store itself, beside a running daemon. Every file is checked. One that is \
            missing or damaged is left out and named, and the exit code is then 1. Piped, just the \
            folder’s path is printed.
            """)

    @Argument(help: "The child’s id.")
    var child: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The folder to make. Not given: a name of the child’s name, id and today’s date, here.", valueName: "dir"))
    var output: String?

    @OptionGroup var store: StoreOptions

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if output?.isEmpty == true { throw ValidationError("--output needs the name of a folder.") }
    }

    func run() async throws {
        let store = try StoreBeside(try await Settings(store))
        guard let id = ChildID(parsing: child), let export = try await Export(of: id, from: store.catalogue) else {
            throw ValidationError("There is no child with this id. “keepsake child list” shows them.")
        }
        let folder = FilePath(output ?? export.name(on: Date()))
        let bar = ProgressBar(name: "Exporting", size: export.size)
        let summary: ExportSummary
        do {
            defer { bar.end() }
            summary = try await export.write(
                to: folder, from: store.blobs, agent: "Keepsake \(Keepsake.configuration.version)",
                progress: { bar.move(to: $0) })
        }
        try show(summary, folder)
        if !summary.missing.isEmpty { throw ExitCode.failure }
    }

    private func show(_ summary: ExportSummary, _ folder: FilePath) throws {
        if json {
            return Output.lines([try Output.json(Answer(folder, summary))])
        }
        for missing in summary.missing {
            Output.errors("\(missing.fileName) (\(missing.artefact)) was left out: \(missing.reason.words).\n")
        }
        let files = summary.artefacts == 1 ? "1 file" : "\(summary.artefacts) files"
        Output.lines([
            Output.isTerminal ? "Exported \(files), \(Wording.size(summary.bytes)), to \(folder)" : folder.string
        ])
    }

    /// What `--json` prints.
    private struct Answer: Encodable {
        let path: String
        let artefacts: Int
        let bytes: Int64
        let missing: [MissingOriginal]

        init(_ folder: FilePath, _ summary: ExportSummary) {
            path = folder.string
            artefacts = summary.artefacts
            bytes = summary.bytes
            missing = summary.missing
        }
    }
}
