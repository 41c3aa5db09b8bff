internal import Artefacts
internal import FoundationEssentials
internal import Inspecting
internal import Linking
internal import Logging
internal import ServiceLifecycle
internal import Storing

/// Inspects what is stored and linked, but not yet understood: files that took
/// longer than their clients could wait, and those that a crash interrupted.
package struct InspectionBacklog: Service {
    private let blobs: any BlobStore
    private let catalogue: any Catalogue
    private let inspector: Inspector
    private let logger: Logger
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    init(blobs: any BlobStore, catalogue: any Catalogue, inspector: Inspector, logger: Logger) {
        self.blobs = blobs
        self.catalogue = catalogue
        self.inspector = inspector
        self.logger = logger
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        waker.yield()
    }

    /// Says that there is something to inspect.
    func wake() { waker.yield() }

    /// Runs until the daemon stops.
    package func run() async throws {
        for await _ in wakes.cancelOnGracefulShutdown() {
            do {
                try await inspectAll()
            } catch {
                logger.error("inspecting the backlog failed: \(error)")
            }
        }
    }

    private func inspectAll() async throws {
        while let artefact = try await catalogue.uninspected(limit: 1).first, !Task.isCancelled {
            let finding: Finding
            if let file = try await blobs.localFile(of: artefact.digest) {
                finding = await inspector.inspect(
                    file, named: artefact.fileName, declared: artefact.declaredMimeType,
                    receivedAt: artefact.receivedAt, times: artefact.declaredTimes,
                    notBefore: try await firstBirth(of: artefact.id))
            } else {
                logger.critical("a blob is missing", metadata: ["artefact": "\(artefact.id)"])
                finding = .missing(receivedAt: artefact.receivedAt)
            }
            guard !Task.isCancelled else { return }
            try await catalogue.settle(
                artefact.id, finding,
                journalling: JournalEvent.byDaemon(.artefactInspected, artefact.id.description))
        }
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
