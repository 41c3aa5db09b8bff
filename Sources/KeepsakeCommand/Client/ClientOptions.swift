import ArgumentParser
import FoundationEssentials

/// Options of all commands that talk to a daemon.
struct ClientOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The daemon’s address; or KEEPSAKE_SERVER. (default: http://127.0.0.1:8080)", valueName: "url"))
    var server: String?

    @Option(help: ArgumentHelp("Your token; or KEEPSAKE_TOKEN.", valueName: "token"))
    var token: String?

    @Flag(help: "Print the API’s JSON.")
    var json = false

    /// A client for what the options and the environment say.
    ///
    /// - Throws: a validation error where there is no token.
    func client() throws -> APIClient {
        let environment = ProcessInfo.processInfo.environment
        guard let token = token ?? environment["KEEPSAKE_TOKEN"], !token.isEmpty else {
            throw ValidationError("Say who you are: --token or KEEPSAKE_TOKEN. “keepsake token create” makes a token.")
        }
        let server = server ?? environment["KEEPSAKE_SERVER"] ?? "http://127.0.0.1:8080"
        return APIClient(server: server.hasSuffix("/") ? String(server.dropLast()) : server, token: token)
    }
}
