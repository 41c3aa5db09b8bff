internal import Artefacts
internal import FoundationEssentials
internal import Linking
internal import Logging
internal import ServiceLifecycle
internal import Storing

/// Examines what is stored and linked, but not yet understood: files that took
/// longer than their clients could wait, those that a crash interrupted, and
/// those that wait for the scanner.
package struct InspectionBacklog: Service {
    private let blobs: any BlobStore
    private let catalogue: any Catalogue
    private let examination: Examination
    private let logger: Logger
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    /// How often it is seen whether files are due again that had to wait.
    private static let pause: Duration = .seconds(1)
    /// Most files that are thought of at once.
    private static let batch = 1000

    init(blobs: any BlobStore, catalogue: any Catalogue, examination: Examination, logger: Logger) {
        self.blobs = blobs
        self.catalogue = catalogue
        self.examination = examination
        self.logger = logger
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        waker.yield()
    }

    /// Says that there is something to inspect.
    func wake() { waker.yield() }

    /// Runs until the daemon stops.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask {
                    while (try? await Task.sleep(for: Self.pause)) != nil { wake() }
                }
                var times = RetryTimes()
                for await _ in wakes {
                    do {
                        try await inspectAll(&times)
                    } catch {
                        logger.error("inspecting the backlog failed: \(error)")
                    }
                }
                group.cancelAll()
            }
        }
    }

    private func inspectAll(_ times: inout RetryTimes) async throws {
        for artefact in try await catalogue.uninspected(limit: Self.batch)
        where times.isDue(artefact.id, at: .now) && !Task.isCancelled {
            let finding = try await finding(on: artefact)
            guard !Task.isCancelled else { return }
            if finding.state == .inspecting {
                times.waits(artefact.id, at: .now)
            } else {
                times.settled(artefact.id)
            }
            // What waits again for the same reason is no news.
            guard finding.state != .inspecting || finding.reasons != artefact.finding.reasons else { continue }
            try await catalogue.settle(
                artefact.id, finding,
                journalling: JournalEvent.byDaemon(.artefactInspected, artefact.id.description))
        }
    }

    private func finding(on artefact: Artefact) async throws -> Finding {
        guard let file = try await blobs.localFile(of: artefact.digest) else {
            logger.critical("a blob is missing", metadata: ["artefact": "\(artefact.id)"])
            return .missing(receivedAt: artefact.receivedAt)
        }
        return await examination.finding(
            on: file, named: artefact.fileName, declared: artefact.declaredMimeType,
            receivedAt: artefact.receivedAt, times: artefact.declaredTimes,
            notBefore: try await firstBirth(of: artefact.id), subject: artefact.id.description)
    }

    /// Of the children on whose timelines the artefact is; `nil` where it is not known of all.
    private func firstBirth(of artefact: ArtefactID) async throws -> Date? {
        var births: [Date] = []
        for entry in try await catalogue.artefact(artefact)?.entries ?? [] {
            guard let birth = try await catalogue.child(entry.child)?.birth else { return nil }
            births.append(birth)
        }
        return births.min()
    }
}
