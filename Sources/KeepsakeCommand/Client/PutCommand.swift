import ArgumentParser
import AsyncHTTPClient
import DurableFiles
import FoundationEssentials
import NIOHTTP1
import SystemPackage

/// `keepsake put`: adds files to a child's story.
struct PutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "put",
        abstract: "Adds files to a child’s story.",
        discussion: """
            Sends each file resumably: a broken connection is taken up again, and if the command is \
            stopped, running it again goes on where it stood. Piped, it prints the artefact’s id for \
            each file.

            Example: keepsake put drawing.png --child 0199… --caption “You drew our garden.”
            """)

    @Argument(help: "The files.")
    var files: [String]

    @Option(help: ArgumentHelp("The child’s id.", valueName: "id"))
    var child: String

    @Option(help: "Words to the child: “You drew …”")
    var caption: String?

    @Option(help: "What it shows, for those who do not see it.")
    var altText: String?

    @Option(help: ArgumentHelp("The language of these words: en-GB, cy, ur …", valueName: "tag"))
    var language: String?

    @Option(
        help: ArgumentHelp("When it happened, if the file does not know: 2026-11-24T08:15:00Z", valueName: "instant"))
    var happenedAt: String?

    @Option(help: "Whose voice it is: direct, throughWorker or about.")
    var voice: String?

    @Option(help: "What it shows: life, day, feelings, change. May be given several times.")
    var lens: [String] = []

    @Option(help: "Who sees it: everyone, child or workers.")
    var visibility: String?

    @Option(help: "Who made it or said it.")
    var contributor: String?

    @OptionGroup var client: ClientOptions

    private static let longestInspection: Duration = .seconds(60)

    func run() async throws {
        let api = try client.client()
        var failed = false
        for file in files {
            do {
                failed = try await !put(file, api) || failed
            } catch let error as ValidationError {
                throw error
            } catch {
                failed = true
                Output.errors("\(file): \(error)\n")
            }
        }
        if failed { throw ExitCode.failure }
    }

    /// Sends one file; answers whether it was taken.
    private func put(_ path: String, _ api: APIClient) async throws -> Bool {
        guard let file = try OpenFile(reading: FilePath(path)) else {
            throw ValidationError("There is no file \(path).")
        }
        let size = try file.size()
        let modified = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
        let memory = try UploadMemory(
            file: path, size: size, modified: modified ?? .distantPast, child: child, server: api.server)
        let name = FilePath(path).lastComponent?.string ?? path
        let bar = ProgressBar(name: name, size: size)
        defer { bar.end() }
        let upload = try await TusUpload(
            api: api, file: file, size: size, metadata: metadata(name, modified), memory: memory, bar: bar
        ).run()
        bar.say("arrived; being checked …")
        return try await show(name, upload, api, bar)
    }

    private func metadata(_ name: String, _ modified: Date?) -> String {
        let fields: [(name: String, value: String?)] = [
            ("filename", name), ("child", child), ("caption", caption), ("altText", altText),
            ("language", language), ("happenedAt", happenedAt), ("voice", voice),
            ("lens", lens.isEmpty ? nil : lens.joined(separator: ",")), ("visibility", visibility),
            ("contributor", contributor), ("lastModified", modified?.formatted(.iso8601)),
        ]
        return fields.compactMap { field in
            field.value.map { "\(field.name) \(Data($0.utf8).base64EncodedString())" }
        }.joined(separator: ",")
    }

    /// Waits until the file is understood, and says what became of it.
    private func show(_ name: String, _ id: String, _ api: APIClient, _ bar: ProgressBar) async throws -> Bool {
        let deadline = ContinuousClock.now + Self.longestInspection
        while true {
            let upload = try Answers.decode(
                Answers.Upload.self, from: try await api.body(of: api.request(.GET, "/v1/uploads/\(id)")))
            if upload.state == "inspecting", .now < deadline {
                try await Task.sleep(for: .milliseconds(300))
                continue
            }
            bar.end()
            guard let artefact = upload.artefact else {
                Output.errors("\(name): \(upload.problem?.detail ?? "It was not taken.")\n")
                return false
            }
            try await show(artefact, api)
            return true
        }
    }

    private func show(_ id: String, _ api: APIClient) async throws {
        guard client.json || Output.isTerminal else { return Output.lines([id]) }
        let body = try await api.body(of: api.request(.GET, "/v1/artefacts/\(id)"))
        if client.json { return Answers.show(body) }
        let artefact = try Answers.decode(Answers.Artefact.self, from: body)
        Output.lines(
            ["\(artefact.state)  \(artefact.fileName)  \(artefact.mimeType)  \(artefact.id)"] + artefact.reasons)
    }
}
