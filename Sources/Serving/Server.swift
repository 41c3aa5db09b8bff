internal import Hummingbird
internal import HummingbirdCore
package import Ingesting
package import Linking
package import Logging
internal import NIOCore
internal import NIOPosix
package import Preserving
package import Receiving
internal import ServiceLifecycle
package import Storing

/// The HTTP server: API, uploads and pages.
package struct Server: Service {
    private let service: any Service

    /// Puts the routes together.
    ///
    /// - Parameter onListening: called once, with the port, when clients can connect.
    /// - Throws: if the pages' templates, or the files for TLS, cannot be read.
    package init(
        ingestion: Ingestion, uploads: any UploadStore, blobs: any BlobStore, fixity: FixityCheck,
        catalogue: any Catalogue, meters: MeterBook, settings: ServingSettings, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void
    ) throws {
        let routes = try Routes(
            ingestion: ingestion, uploads: uploads, blobs: blobs, fixity: fixity, catalogue: catalogue,
            meters: meters, settings: settings)
        let limits = ConnectionLimits(
            idleTimeout: .seconds(settings.idleTimeout.components.seconds), minimumRate: settings.minimumRate)
        let tls = try settings.tls?.context()
        let channel = KeepsakeChannel(Answering(routes.router), limits: limits, tls: tls)
        service = channel.server(
            configuration: ServerConfiguration(address: .hostname(settings.host, port: settings.port)),
            onServerRunning: { await onListening($0.localAddress?.port ?? settings.port) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
    }

    /// Serves until the daemon stops; requests that are running come to their end.
    package func run() async throws {
        try await service.run()
    }
}
