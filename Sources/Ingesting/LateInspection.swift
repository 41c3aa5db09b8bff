internal import Artefacts
internal import FoundationEssentials
internal import Inspecting
internal import Linking
internal import Logging
internal import Storing

/// Finds out what an artefact is that was linked before anybody knew, or before it was scanned.
struct LateInspection {
    let blobs: any BlobStore
    let places: PlaceStore
    let catalogue: any Catalogue
    let examination: Examination
    let logger: Logger

    /// - Throws: ``NotScanned`` where it has to be examined again.
    func run(_ job: Job) async throws {
        guard let linked = try await catalogue.artefact(job.artefact), linked.artefact.finding.state == .inspecting
        else { return }
        let artefact = linked.artefact
        let examined: Examined
        if let file = try await blobs.localFile(of: artefact.digest) {
            examined = await examination.examine(
                file, named: artefact.fileName, declared: artefact.declaredMimeType,
                receivedAt: artefact.receivedAt, times: artefact.declaredTimes,
                notBefore: try await firstBirth(in: linked.entries), subject: artefact.id.description)
        } else {
            logger.critical("a blob is missing", metadata: ["artefact": "\(artefact.id)"])
            examined = Examined(finding: .missing(receivedAt: artefact.receivedAt))
        }
        let finding = examined.finding
        // What was stopped tells nothing of the file.
        guard !Task.isCancelled else { return }
        // What waits again for the same reason is no news.
        if finding.state != .inspecting || finding.reasons != artefact.finding.reasons {
            try await settle(artefact, examined)
        }
        if finding.state == .inspecting { throw NotScanned() }
    }

    /// Of the children whose entries these are; `nil` where it is not known of all.
    private func firstBirth(in entries: [Entry]) async throws -> Date? {
        var births: [Date] = []
        for entry in entries {
            guard let birth = try await catalogue.child(entry.child)?.birth else { return nil }
            births.append(birth)
        }
        return births.min()
    }

    /// A person has to look at it.
    func giveUp(_ job: Job) async throws {
        guard let artefact = try await catalogue.artefact(job.artefact)?.artefact else { return }
        try await settle(artefact, Examined(finding: .unchecked(receivedAt: artefact.receivedAt)))
    }

    /// Order: place → finding, so that whoever sees that it was inspected may ask where it was made.
    private func settle(_ artefact: Artefact, _ examined: Examined) async throws {
        try await places.keep(examined, of: artefact.id)
        try await catalogue.settle(
            artefact.id, examined.finding, journalling: .byDaemon(.artefactInspected, artefact.id.description))
    }
}

/// A file that has to wait, for nothing is shown that was not scanned.
struct NotScanned: Error {}
