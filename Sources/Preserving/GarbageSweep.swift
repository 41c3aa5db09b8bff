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
        var count = 0
        for candidate in try await collection.candidates(storedBefore: instant) {
            try Task.checkCancellation()
            if try await collection.collect(candidate) { count += 1 }
        }
        if count > 0 { logger.notice("collected garbage", metadata: ["count": "\(count)"]) }
    }
}
