internal import Logging
internal import ServiceLifecycle

/// Removes unfinished uploads that nobody came back for, once an hour, and
/// tries each minute to finish those that could not be: the disk was full, say.
package struct ExpirySweep: Service {
    private let ingestion: Ingestion
    private static let pause: Duration = .seconds(60)
    private static let pausesBetweenSweeps = 60

    package init(of ingestion: Ingestion) { self.ingestion = ingestion }

    /// Runs until the daemon stops.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var pauses = 0
            while !Task.isCancelled {
                do {
                    try await Task.sleep(for: Self.pause)
                    pauses += 1
                    let finished = try await ingestion.finishStuck()
                    log("finished uploads that could not be before", finished)
                    guard pauses % Self.pausesBetweenSweeps == 0 else { continue }
                    log("removed expired uploads", try await ingestion.removeExpired())
                } catch is CancellationError {
                    return
                } catch {
                    ingestion.logger.error("looking after unfinished uploads failed: \(error)")
                }
            }
        }
    }

    private func log(_ what: String, _ count: Int) {
        if count > 0 { ingestion.logger.notice("\(what)", metadata: ["count": "\(count)"]) }
    }
}
