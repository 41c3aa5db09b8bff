internal import Logging
internal import ServiceLifecycle

/// Removes unfinished uploads that nobody came back for, once an hour.
package struct ExpirySweep: Service {
    private let ingestion: Ingestion
    private static let pause: Duration = .seconds(3600)

    package init(of ingestion: Ingestion) { self.ingestion = ingestion }

    /// Runs until the daemon stops.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await Task.sleep(for: Self.pause)
                    let count = try await ingestion.removeExpired()
                    if count > 0 { ingestion.logger.notice("removed expired uploads", metadata: ["count": "\(count)"]) }
                } catch is CancellationError {
                    return
                } catch {
                    ingestion.logger.error("removing expired uploads failed: \(error)")
                }
            }
        }
    }
}
