internal import Artefacts
internal import Inspecting
internal import Linking
internal import Logging
internal import Storing

/// Finds out what an artefact is that was linked before anybody knew.
struct LateInspection {
    let blobs: any BlobStore
    let catalogue: any Catalogue
    let inspector: Inspector
    let logger: Logger

    func run(_ job: Job) async throws {
        guard let artefact = try await catalogue.artefact(job.artefact)?.artefact, artefact.finding.state == .inspecting
        else { return }
        let finding: Finding
        if let file = try await blobs.localFile(of: artefact.digest) {
            finding = await inspector.inspect(
                file, named: artefact.fileName, declared: artefact.declaredMimeType, receivedAt: artefact.receivedAt)
        } else {
            logger.critical("a blob is missing", metadata: ["artefact": "\(artefact.id)"])
            finding = .missing(receivedAt: artefact.receivedAt)
        }
        // What was stopped tells nothing of the file.
        guard !Task.isCancelled else { return }
        try await settle(artefact, finding)
    }

    /// A person has to look at it.
    func giveUp(_ job: Job) async throws {
        guard let artefact = try await catalogue.artefact(job.artefact)?.artefact else { return }
        try await settle(artefact, .unchecked(receivedAt: artefact.receivedAt))
    }

    private func settle(_ artefact: Artefact, _ finding: Finding) async throws {
        try await catalogue.settle(
            artefact.id, finding, journalling: .byDaemon(.artefactInspected, artefact.id.description))
    }
}
