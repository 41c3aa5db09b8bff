import ArgumentParser
import AsyncHTTPClient
import FoundationEssentials
import NIOHTTP1

/// `keepsake timeline`: a child's story, line by line.
struct TimelineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline",
        abstract: "Lists a child’s story: when, what, which artefact.",
        discussion:
            "Piped, each line has the artefact’s id, the instant, the state, the MIME type and the file name, with tabs between."
    )

    enum Order: String, ExpressibleByArgument, CaseIterable { case newest, oldest }

    @Argument(help: "The child’s id.")
    var child: String

    @Option(help: "newest or oldest first.")
    var order: Order = .newest

    @Option(help: "Only drawing, photo, video, audio, document or message.")
    var kind: String?

    @Option(help: "Most lines, 1 to 200.")
    var limit = 50

    @OptionGroup var client: ClientOptions

    func run() async throws {
        let api = try client.client()
        let query = Query([("order", order.rawValue), ("kind", kind), ("limit", String(limit))])
        let body = try await api.body(of: api.request(.GET, "/v1/children/\(child)/timeline" + query.text))
        if client.json { return Answers.show(body) }
        let page = try Answers.decode(Answers.List<Answers.Entry>.self, from: body)
        if page.items.isEmpty {
            if Output.isTerminal { Output.lines(["Nothing here yet."]) }
        } else {
            Output.lines(page.items.map(Output.isTerminal ? \.forPeople : \.forPrograms))
        }
    }
}
