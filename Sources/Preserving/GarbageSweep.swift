internal import FoundationEssentials
package import Logging
internal import ServiceLifecycle

/// Collects garbage once a day while the daemon runs.
package struct GarbageSweep: Service {
    private let collection: GarbageCollection
    private let grace: Duration
    private let logger: Logger

    private static let pause: Duration = .seconds(24 * 3600)

    /// - Parameter grace: how long nothing must have referred to a blob.
    package init(_ collection: GarbageCollection, grace: Duration, logger: Logger) {
        self.collection = collection
        self.grace = grace
        self.logger = logger
    }

    /// Runs until the daemon stops.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await Task.sleep(for: Self.pause)
                    try await sweep()
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("collecting garbage failed: \(error)")
                }
            }
        }
    }

    private func sweep() async throws {
        let instant = Date().addingTimeInterval(-TimeInterval(grace.components.seconds))
        let garbage = try await collection.sweep(storedBefore: instant)
        let count = garbage.blobs.count + garbage.places.count
        if count > 0 { logger.notice("collected garbage", metadata: ["count": "\(count)"]) }
    }
}
