internal import FoundationEssentials
package import Linking
package import Logging
internal import ServiceLifecycle

/// Verifies every blob again and again while the daemon runs, slowly.
package struct Scrub: Service {
    private let check: FixityCheck
    private let catalogue: any Catalogue
    private let settings: ScrubSettings
    private let logger: Logger

    private static let pause: Duration = .seconds(3600)
    private static let batch = 32

    package init(check: FixityCheck, catalogue: any Catalogue, settings: ScrubSettings, logger: Logger) {
        self.check = check
        self.catalogue = catalogue
        self.settings = settings
        self.logger = logger
    }

    /// Runs until the daemon stops.
    package func run() async throws {
        guard let interval = settings.interval else { return try await gracefulShutdown() }
        await cancelWhenGracefulShutdown {
            let pace = Pace(bytesPerSecond: settings.bytesPerSecond)
            while !Task.isCancelled {
                do {
                    // What was damaged may have been healed, or may have been a disk's bad moment.
                    try await verify(try await catalogue.damagedBlobs(limit: 1000), pace)
                    while try await verifyDue(interval, pace) {}
                    try await Task.sleep(for: Self.pause)
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("verifying stored files failed: \(error)")
                    try? await Task.sleep(for: Self.pause)
                }
            }
        }
    }

    private func verifyDue(_ interval: Duration, _ pace: Pace) async throws -> Bool {
        let instant = Date().addingTimeInterval(-TimeInterval(interval.components.seconds))
        let due = try await catalogue.blobs(notVerifiedSince: instant, limit: Self.batch)
        try await verify(due, pace)
        return !due.isEmpty
    }

    private func verify(_ blobs: [StoredBlob], _ pace: Pace) async throws {
        for blob in blobs { try await check.record([try await check.verify(blob, pace: pace)]) }
    }
}

/// What an operator decides about verifying while the daemon runs.
package struct ScrubSettings: Sendable {
    /// Within what time every blob is verified; `nil`: not at all.
    package var interval: Duration? = .seconds(30 * 24 * 3600)
    /// Most bytes read in a second.
    package var bytesPerSecond: Int64 = 20_000_000

    package init() {}
}
