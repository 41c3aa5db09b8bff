package import Logging
internal import ServiceLifecycle
package import Storing

/// Brings blobs that came in a rush, and were gathered in one folder, into their places once it is over.
package struct BlobPlacing: Service {
    private let blobs: DirectoryBlobStore
    private let deferring: Deferring
    private let logger: Logger

    /// Nothing but the size of that one folder asks for an end.
    private static let patience: Duration = .seconds(30)
    /// The more there are, the more of them share a folder, and its sync.
    private static let batch = 1000

    /// - Parameter isBusy: whether the daemon has so much to do that this should wait a little.
    package init(_ blobs: DirectoryBlobStore, logger: Logger, isBusy: @escaping @Sendable () -> Bool) {
        self.blobs = blobs
        deferring = Deferring(patience: Self.patience, isBusy: isBusy)
        self.logger = logger
    }

    /// Runs until the daemon stops; what is not placed by then is when it starts again.
    package func run() async throws {
        await deferring.run { await placeAllLogged() }
    }

    private func placeAllLogged() async {
        do {
            while !Task.isCancelled, try await blobs.placeGathered(limit: Self.batch) > 0 {}
        } catch {
            logger.error("blobs that were gathered could not be placed: \(error)")
        }
    }
}
