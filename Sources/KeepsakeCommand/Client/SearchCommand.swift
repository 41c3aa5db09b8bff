import ArgumentParser
import AsyncHTTPClient
import FoundationEssentials
import NIOHTTP1

/// `keepsake search`: where words are in a child's story.
struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Finds words in a child’s story: in what people wrote, and in what was read in files.",
        discussion: """
            All words must be there; of the last, the beginning is enough. Piped, each line has the artefact’s id, \
            the instant, the state, the MIME type and the file name, with tabs between.
            """)

    @Argument(help: "The child’s id.")
    var child: String

    @Argument(help: "What to look for.")
    var words: [String]

    @Option(help: "Most lines, 1 to 200.")
    var limit = 50

    @OptionGroup var client: ClientOptions

    func run() async throws {
        let api = try client.client()
        let query = Query([("q", words.joined(separator: " ")), ("limit", String(limit))])
        let body = try await api.body(of: api.request(.GET, "/v1/children/\(child)/search" + query.text))
        if client.json { return Answers.show(body) }
        let found = try Answers.decode(Answers.List<Answers.Found>.self, from: body).items
        if found.isEmpty {
            if Output.isTerminal { Output.lines(["Nothing has all of these words."]) }
        } else {
            Output.lines(found.map { Output.isTerminal ? $0.forPeople : $0.entry.forPrograms })
        }
    }
}

extension Answers.Found {
    /// What was found, with the words in quotation marks.
    fileprivate var forPeople: String {
        let words = snippet.map { $0.isMatch ? "«\($0.text)»" : $0.text }.joined()
        return entry.forPeople + "\n    " + words.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
