internal import Artefacts
internal import Hummingbird
internal import Linking
internal import Preserving
internal import Storing

/// `/v1/artefacts`: what is kept, its bytes, and what was made of them.
struct ArtefactController {
    let catalogue: any Catalogue
    let blobs: OpenBlobs
    let fixity: FixityCheck
    private let lookup: ArtefactLookup
    private let audit = ReadAudit()

    init(catalogue: any Catalogue, blobs: any BlobStore, fixity: FixityCheck) {
        self.catalogue = catalogue
        lookup = ArtefactLookup(catalogue: catalogue)
        self.blobs = OpenBlobs(blobs)
        self.fixity = fixity
    }

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.get("/v1/artefacts/{artefact}", use: show)
        routes.get("/v1/artefacts/{artefact}/content", use: content)
        routes.head("/v1/artefacts/{artefact}/content", use: content)
        routes.get("/v1/artefacts/{artefact}/derivatives/{kind}", use: derivative)
        routes.head("/v1/artefacts/{artefact}/derivatives/{kind}", use: derivative)
    }

    private func show(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let (artefact, entries) = try await lookup.visible(scope)
        try await catalogue.record([scope.event(.artefactSeen, artefact.id, child: entries.first?.child)])
        return try .json(ArtefactWithEntriesResponse(artefact, entries))
    }

    private func content(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let (artefact, child) = try await lookup.kept(scope)
        let representation = try Self.content(of: artefact, for: scope)
        if request.headers[.range] == nil || !audit.isRecorded(scope.principal, artefact.id, .contentRead) {
            try await record(.contentRead, artefact, child, scope)
        }
        return try await response(to: request, representation, scope)
    }

    private func derivative(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let (artefact, child) = try await lookup.kept(scope)
        guard let kind = scope.parameters.get("kind").flatMap(DerivativeKind.init) else { throw Problem.notFound }
        guard let derivative = artefact.derivatives[kind] else {
            throw artefact.derivatives.isPending ? .derivativePending : Problem.noDerivative(kind, of: artefact)
        }
        if !audit.isRecorded(scope.principal, artefact.id, .derivativeRead) {
            try await record(.derivativeRead, artefact, child, scope)
        }
        do {
            return try await response(to: request, Representation(derivative, of: artefact), scope)
        } catch BlobStoreError.damaged, BlobStoreError.missing {
            // That it was seen has it made again.
            throw Problem.derivativePending
        }
    }

    /// The original, or the copy that does not tell where it was made.
    private static func content(of artefact: Artefact, for scope: SignedInScope) throws(Problem) -> Representation {
        guard scope.allows(.readOriginal(mayTellPlace: artefact.finding.mayTellPlace)) else {
            if let copy = artefact.derivatives[.withoutLocation] { return Representation(copy, of: artefact) }
            throw artefact.derivatives.isPending ? .copyPending : .noCopy
        }
        guard !artefact.isDamaged else { throw .damaged }
        return Representation(of: artefact)
    }

    private func record(
        _ act: JournalEvent.Act, _ artefact: Artefact, _ child: ChildID?, _ scope: SignedInScope
    ) async throws {
        try await catalogue.record([scope.event(act, artefact.id, child: child)])
        audit.recorded(scope.principal, artefact.id, act)
    }

    private func response(
        to request: Request, _ representation: Representation, _ scope: SignedInScope
    ) async throws -> Response {
        let blob = try await open(representation)
        return try await ContentResponse(
            representation: representation, blob: blob, fixity: fixity, logger: scope.logger
        ).response(to: request)
    }

    private func open(_ representation: Representation) async throws -> any BlobReader {
        do {
            guard let blob = try await blobs.open(representation.digest) else {
                throw BlobStoreError.missing(representation.digest)
            }
            guard blob.size == representation.size else {
                throw BlobStoreError.damaged(representation.digest, "it has another size than the index says")
            }
            return blob
        } catch let error as BlobStoreError {
            await fixity.note(error)
            throw error
        }
    }
}
