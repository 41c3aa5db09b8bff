import ArgumentParser
import AsyncHTTPClient
import FoundationEssentials
import NIOHTTP1

/// `keepsake child`: the children whose stories are kept.
struct ChildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "child", abstract: "Adds children, and lists them.", subcommands: [Add.self, List.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds a child, and prints its id.",
            discussion: "Example: keepsake child add “Amira” --external-id mosaic=12345")

        @Argument(help: "The name the child likes to be called.")
        var name: String

        @Option(help: ArgumentHelp("Their id in another system.", valueName: "system=id"))
        var externalId: [String] = []

        @Option(help: ArgumentHelp("Their date of birth.", valueName: "yyyy-mm-dd"))
        var dateOfBirth: String?

        @Option(help: "Their pronouns.")
        var pronouns: String?

        @OptionGroup var client: ClientOptions

        private struct NewChild: Encodable {
            struct ExternalID: Encodable {
                let system: String
                let value: String
            }
            let preferredName: String
            let externalIds: [ExternalID]
            let dateOfBirth: String?
            let pronouns: String?
        }

        func run() async throws {
            let ids = try externalId.map { text in
                let parts = text.split(separator: "=", maxSplits: 1)
                guard parts.count == 2 else {
                    throw ValidationError("--external-id is a system and an id, with = between.")
                }
                return NewChild.ExternalID(system: String(parts[0]), value: String(parts[1]))
            }
            let api = try client.client()
            var request = api.request(.POST, "/v1/children")
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(
                try JSONEncoder().encode(
                    NewChild(preferredName: name, externalIds: ids, dateOfBirth: dateOfBirth, pronouns: pronouns)))
            let body = try await api.body(of: request)
            if client.json { return Answers.show(body) }
            let child = try Answers.decode(Answers.Child.self, from: body)
            Output.lines([Output.isTerminal ? "Added \(child.preferredName): \(child.id)" : child.id])
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists children: id and name.")

        @Option(help: "Only children whose name contains this.")
        var query: String?

        @OptionGroup var client: ClientOptions

        func run() async throws {
            let api = try client.client()
            var cursor: String?
            repeat {
                let body = try await api.body(
                    of: api.request(
                        .GET, "/v1/children" + Query([("query", query), ("cursor", cursor), ("limit", "200")]).text))
                let page = try Answers.decode(Answers.List<Answers.Child>.self, from: body)
                cursor = page.next
                if client.json {
                    Answers.show(body)
                } else if !page.items.isEmpty {
                    Output.lines(page.items.map { "\($0.id)\t\($0.preferredName)" })
                }
            } while cursor != nil
        }
    }
}
