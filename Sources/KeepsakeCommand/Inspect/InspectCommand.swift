import ArgumentParser
import FoundationEssentials
import Ingesting
import Inspecting
import Sealing
import SystemPackage

/// `keepsake inspect`: what files are, and what the policy makes of them.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Says what files are, and whether Keepsake would accept, hold or refuse them.",
        discussion: """
            Looks at files as the daemon does, in a confined process for each, and asks the policy in \
            Config/formats.yaml. Needs no store and no daemon, keeps nothing, and sends nothing anywhere. \
            Piped, it prints one line of JSON for each file.

            Example: keepsake inspect --explain photo.jpg letter.docx
            """)

    @Argument(help: "The files.")
    var files: [String]

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Flag(help: "Say which rule of the policy decided.")
    var explain = false

    @Flag(help: "Print JSON, one line for each file.")
    var json = false

    func run() async throws {
        let settings = try await Settings(configuration: config)
        let inspector = Inspector(
            executable: settings.inspectorProgram, recordings: settings.recordingInspectorProgram,
            keyring: .ephemeral(), policy: try CurrentPolicy(settings),
            timeLimit: settings.inspectionTimeLimit, concurrency: settings.ingestion.jobs.inspections)
        var failed = false
        for file in files {
            do {
                let inspection = try await inspector.examine(plain: FilePath(file), receivedAt: Date())
                try show(InspectedFile(path: file, inspection))
                failed = failed || inspection.isIncomplete
            } catch {
                failed = true
                Output.errors("\(file): \(Self.sentence(error))\n")
            }
        }
        if failed { throw ExitCode.failure }
    }

    private func show(_ file: InspectedFile) throws {
        if json || !Output.isTerminal {
            Output.lines([try Output.json(file)])
        } else {
            Output.lines(file.lines(explaining: explain))
        }
    }

    /// Why a file could not be read, for people.
    private static func sentence(_ error: any Error) -> String {
        switch error as? Errno {
        case .noSuchFileOrDirectory?: "There is no such file."
        case .isDirectory?: "This is a folder; please name the files in it."
        case .permissionDenied?: "You may not read this file."
        case .noSuchAddressOrDevice?: "This is a device and no file."
        case .noSpace?: "There is no room for a sealed copy in the folder for temporary files."
        case let reason?: "The file could not be read: \(reason)."
        case nil: "The file could not be read: \(error)"
        }
    }
}

extension CurrentPolicy {
    /// The policy that the settings name.
    convenience init(_ settings: Settings) throws(PolicyFileError) {
        if let file = settings.policy { try self.init(file: file) } else { self.init() }
    }
}
