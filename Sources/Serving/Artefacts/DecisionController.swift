internal import Artefacts
internal import Hummingbird
internal import Ingesting
internal import Linking

/// What a person decides about a file that was held: to let it be seen, or to hold it again.
struct DecisionController {
    let ingestion: Ingestion
    let artefacts: ArtefactLookup

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.post("/v1/artefacts/{artefact}/release", use: release)
        routes.post("/v1/artefacts/{artefact}/hold", use: hold)
        routes.post("/artefacts/{artefact}/release", use: releaseOnPage)
        routes.post("/artefacts/{artefact}/hold", use: holdOnPage)
    }

    private func release(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try await answer(scope) { try await decide(.artefactReleased, scope) }
    }

    private func hold(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try await answer(scope) { try await decide(.artefactHeld, scope) }
    }

    private func releaseOnPage(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        Self.story(of: try await decide(.artefactReleased, scope))
    }

    private func holdOnPage(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        Self.story(of: try await decide(.artefactHeld, scope))
    }

    private func answer(_ scope: SignedInScope, _ decide: () async throws -> Entry) async throws -> Response {
        _ = try await decide()
        let (artefact, entries) = try await artefacts.visible(scope)
        return try .json(ArtefactWithEntriesResponse(artefact, entries))
    }

    private static func story(of entry: Entry) -> Response { .redirect(to: "/children/\(entry.child)#\(entry.id)") }

    /// The first of the entries that the caller may see.
    private func decide(_ act: JournalEvent.Act, _ scope: SignedInScope) async throws -> Entry {
        let (artefact, entries) = try await artefacts.visible(scope)
        guard let entry = entries.first else { throw Problem.notFound }
        try scope.require(.decideHeld(of: entry.child))
        let event = scope.event(act, artefact.id, child: entry.child)
        if act == .artefactReleased {
            try await ingestion.release(artefact, journalling: event)
        } else {
            try await ingestion.hold(artefact, journalling: event)
        }
        return entry
    }
}
