import ArgumentParser
import Artefacts
import AsyncHTTPClient
import FoundationEssentials
import NIOHTTP1

/// `keepsake location`: where an artefact was made.
struct LocationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "location",
        abstract: "Says where an artefact was made, as far as its file tells.",
        discussion: """
            It is in the journal that you asked. Piped, the line has latitude and longitude in degrees, the height in \
            metres or nothing, and what in the file says so, with tabs between.
            """)

    @Argument(help: "The artefact’s id.")
    var artefact: String

    @OptionGroup var client: ClientOptions

    func run() async throws {
        let api = try client.client()
        let body = try await api.body(of: api.request(.GET, "/v1/artefacts/\(artefact)/location"))
        if client.json { return Answers.show(body) }
        let position = try Answers.decode(Position.self, from: body)
        Output.lines([Output.isTerminal ? Self.forPeople(position) : Self.forPrograms(position)])
    }

    private static func forPeople(_ position: Position) -> String {
        let height = position.altitude.map { ", " + Wording.altitude($0) } ?? ""
        return Wording.position(position) + height + ". " + Wording.source(position.source)
    }

    private static func forPrograms(_ position: Position) -> String {
        let height = position.altitude.map { "\($0)" } ?? ""
        return "\(position.latitude)\t\(position.longitude)\t\(height)\t\(position.source.rawValue)"
    }
}
