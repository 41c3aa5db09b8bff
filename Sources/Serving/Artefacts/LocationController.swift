internal import Artefacts
internal import HTTPTypes
internal import Hummingbird
internal import Ingesting
internal import Linking

/// Where an artefact was made: for those alone who may know, and each time in the journal.
struct LocationController {
    let ingestion: Ingestion
    let catalogue: any Catalogue
    let pages: PageTemplates
    private let lookup: ArtefactLookup

    init(ingestion: Ingestion, catalogue: any Catalogue, pages: PageTemplates) {
        self.ingestion = ingestion
        self.catalogue = catalogue
        self.pages = pages
        lookup = ArtefactLookup(catalogue: catalogue)
    }

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.get("/v1/artefacts/{artefact}/location", use: show)
        routes.get("/artefacts/{artefact}/location", use: showOnPage)
    }

    private func show(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try .json(try await place(scope).position)
    }

    private func showOnPage(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let (position, artefact, child) = try await place(scope)
        return .page(pages.render(LocationPage(position, of: artefact, child)))
    }

    private func place(_ scope: SignedInScope) async throws -> (position: Position, Artefact, ChildID?) {
        let (artefact, child) = try await lookup.kept(scope)
        try scope.require(.seeLocation)
        guard let position = try await ingestion.place(of: artefact) else { throw Problem.noLocation }
        try await catalogue.record([scope.event(.locationRead, artefact.id, child: child)])
        return (position, artefact, child)
    }
}

extension Problem {
    static let noLocation = Problem(
        .notFound, "no-location", "It is not known where",
        "This file does not tell where it was made, or not in a way that Keepsake understands.")
}
