internal import Artefacts
internal import Hummingbird
internal import Linking
internal import Preserving
internal import Storing

/// `/v1/artefacts`: what is kept, and its bytes.
struct ArtefactController {
    let catalogue: any Catalogue
    let blobs: OpenBlobs
    let fixity: FixityCheck
    private let audit = ReadAudit()

    init(catalogue: any Catalogue, blobs: any BlobStore, fixity: FixityCheck) {
        self.catalogue = catalogue
        self.blobs = OpenBlobs(blobs)
        self.fixity = fixity
    }

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.get("/v1/artefacts/{artefact}", use: show)
        routes.get("/v1/artefacts/{artefact}/content", use: content)
        routes.head("/v1/artefacts/{artefact}/content", use: content)
    }

    private func show(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let (artefact, entries) = try await visible(scope)
        try await catalogue.record([scope.event(.artefactSeen, artefact.id, child: entries.first?.child)])
        return try .json(ArtefactWithEntriesResponse(artefact, entries))
    }

    private func content(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let (artefact, entries) = try await visible(scope)
        guard artefact.finding.state == .kept else { throw Problem.notServed(artefact.finding) }
        guard !artefact.isDamaged else { throw Problem.damaged }
        let blob = try await open(artefact)
        if request.headers[.range] == nil || !audit.isRecorded(scope.principal, artefact.id) {
            try await catalogue.record([scope.event(.contentRead, artefact.id, child: entries.first?.child)])
            audit.recorded(scope.principal, artefact.id)
        }
        return ContentResponse(artefact: artefact, blob: blob, fixity: fixity, logger: scope.logger)
            .response(to: request)
    }

    private func open(_ artefact: Artefact) async throws -> any BlobReader {
        do {
            guard let blob = try await blobs.open(artefact.digest) else {
                throw BlobStoreError.missing(artefact.digest)
            }
            guard blob.size == artefact.size else {
                throw BlobStoreError.damaged(artefact.digest, "it has another size than the index says")
            }
            return blob
        } catch let error as BlobStoreError {
            await fixity.note(error)
            throw error
        }
    }

    /// The artefact in the path, with those of its entries that the caller may see; there is at least one.
    private func visible(_ scope: SignedInScope) async throws -> (Artefact, [Entry]) {
        guard let id = scope.identifier("artefact", of: Artefact.self),
            let linked = try await catalogue.artefact(id)
        else { throw Problem.notFound }
        let entries = linked.entries.filter { scope.allows(.seeEntry(of: $0.child, $0.words.visibility)) }
        guard !entries.isEmpty else { throw Problem.notFound }
        return (linked.artefact, entries)
    }
}

extension Problem {
    /// Of bytes that are safe, and not to be given out as they stand.
    fileprivate static func notServed(_ finding: Finding) -> Problem {
        switch finding.state {
        case .inspecting:
            Problem(
                .conflict, "still-inspecting", "Still being checked",
                finding.reasons.joined(separator: " ").nonEmpty
                    ?? "The file is safe and is still being checked. Please try again in a moment.",
                headers: [.retryAfter: "5"])
        default:
            Problem(
                .conflict, "held", "Waiting for a person",
                (finding.reasons + ["The file is safe, and is not shown until a person has looked at it."])
                    .joined(separator: " "))
        }
    }
}
