internal import Artefacts
internal import FoundationEssentials
internal import Hummingbird
internal import Linking

/// `/v1/entries`: what people write about entries, and wrote before.
struct EntryController {
    let catalogue: any Catalogue

    /// Most bytes of a request: the longest transcript, written as a form writes it.
    private static let largestBody = 256 << 10

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.patch("/v1/entries/{entry}", use: correct)
        routes.get("/v1/entries/{entry}/history", use: history)
        routes.post("/entries/{entry}", use: correctOnPage)
    }

    private func correct(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let entry = try await correctable(scope)
        let correction = try EntryCorrection(json: try await request.smallBody(upTo: Self.largestBody))
        return try .json(EntryResponse(try await write(correction, about: entry, scope)))
    }

    private func correctOnPage(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let entry = try await correctable(scope)
        let correction = try EntryCorrection(
            form: try await request.formFields(upTo: Self.largestBody), of: entry.words)
        _ = try await write(correction, about: entry, scope)
        return .redirect(to: "/children/\(entry.child)#\(entry.id)")
    }

    private func history(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let entry = try await correctable(scope)
        let writings = try await catalogue.writings(about: entry.id)
        try await catalogue.record([scope.event(.historySeen, entry.id, child: entry.child)])
        return try ListResponse(items: Array(writings.reversed()), next: nil).response(to: request)
    }

    private func write(
        _ correction: EntryCorrection, about entry: Entry, _ scope: SignedInScope
    ) async throws -> Entry {
        let writings = correction.writings(by: scope.principal, at: Date())
        if !writings.contains(where: { $0.text != entry.words[$0.field] }) {
            // Nothing is written then, and the answer is read all the same.
            try await catalogue.record([scope.event(.artefactSeen, entry.artefact, child: entry.child)])
        }
        guard let item = try await catalogue.write(writings, about: entry.id) else { throw Problem.notFound }
        return item.entry
    }

    /// The entry in the path, if the caller may write about it.
    private func correctable(_ scope: SignedInScope) async throws -> Entry {
        guard let id = scope.identifier("entry", of: Entry.self), let entry = try await catalogue.entry(id)?.entry
        else { throw Problem.notFound }
        try scope.require(.correctEntry(of: entry.child, entry.words.visibility, addedAs: entry.addedAs))
        return entry
    }
}
