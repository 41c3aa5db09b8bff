import ArgumentParser
import Artefacts
import FoundationEssentials
import Linking
import Serving
import Storing
import SystemPackage

/// `keepsake token`: who may use the API.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Makes tokens for the API and links for signing in.",
        subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Makes a token, or a link by which a person signs in once.",
            discussion: """
                Works on the store itself, beside a running daemon. The token is printed once and kept \
                only as a digest. Piped, just the token is printed:

                    export KEEPSAKE_TOKEN=$(keepsake token create --role worker)
                """)

        enum RoleName: String, ExpressibleByArgument, CaseIterable {
            case worker, child, system
        }

        @OptionGroup var store: StoreOptions

        @Option(help: "What the holder is: worker, child or system.")
        var role: RoleName

        @Option(help: ArgumentHelp("The one child of a child’s token.", valueName: "id"))
        var child: String?

        @Option(help: "The name that the journal will have for the holder; made up if not given.")
        var name: String?

        @Option(help: ArgumentHelp("Days until the token ends.", valueName: "days"))
        var days = 90

        @Flag(help: "Make a link for signing in to the pages instead; it works once.")
        var signIn = false

        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            if role == .child && child == nil { throw ValidationError("A child’s token needs --child.") }
            if role != .child && child != nil { throw ValidationError("Only a child’s token takes --child.") }
            guard (1...3650).contains(days) else { throw ValidationError("--days is from 1 to 3650.") }
            if let name, !(1...100).contains(name.utf8.count) {
                throw ValidationError("--name has 1 to 100 bytes.")
            }
        }

        func run() async throws {
            let settings = try await Settings(store)
            try StorageRoot.expect(at: settings.storage)
            let catalogue = try SQLiteCatalogue(path: StoreFolders(at: settings.storage).index.string)
            let role = try await principalRole(in: catalogue)
            let lifetime: Duration = signIn ? settings.signInLifetime : .seconds(days * 24 * 3600)
            let secret = try await NewCredential(
                use: signIn ? .signIn : .api, role: role,
                name: name ?? "\(role.name)-\(Secret.random(bytes: 4))", lifetime: lifetime
            ).keep(in: catalogue)
            try show(secret, settings, lifetime)
        }

        private func principalRole(in catalogue: any Catalogue) async throws -> Principal.Role {
            guard role == .child else { return role == .worker ? .worker : .system }
            guard let id = child.flatMap({ ChildID(parsing: $0) }), try await catalogue.child(id) != nil else {
                throw ValidationError("There is no child with this id. “keepsake child list” shows them.")
            }
            return .child(id)
        }

        private func show(_ secret: String, _ settings: Settings, _ lifetime: Duration) throws {
            let text = signIn ? settings.serving.signInLink(secret, port: settings.serving.port) : secret
            if json {
                let document = [signIn ? "link" : "token": text]
                Output.lines([try Output.json(document)])
            } else if Output.isTerminal {
                let days = lifetime.components.seconds / (24 * 3600)
                Output.lines([text, "Valid for \(days) day(s). It is shown only now: keep it safe."])
            } else {
                Output.lines([text])
            }
        }
    }
}
