import ArgumentParser
import Artefacts
import FoundationEssentials
import Glibc
import Ingesting
import Inspecting
import Linking
import Logging
import Receiving
import ServiceLifecycle
import Serving
import Storing
import SystemPackage

/// `keepsake serve`: the daemon.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Starts the daemon.",
        discussion: """
            Serves the API, the uploads and the pages until it gets SIGTERM or SIGINT; uploads that are \
            still coming in can be resumed afterwards. The first start makes the store, and prints a \
            link by which a first worker signs in.
            """)

    @OptionGroup var store: StoreOptions

    @Option(help: "The address to listen on.")
    var host: String?

    @Option(help: "The port to listen on; 0 picks a free one.")
    var port: Int?

    func run() async throws {
        var settings = try await Settings(store)
        settings.serving.host = host ?? settings.serving.host
        settings.serving.port = port ?? settings.serving.port
        try await Daemon(settings: settings).run()
    }
}
