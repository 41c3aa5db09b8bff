internal import Artefacts
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Linking

/// `/v1/children`: the children whose stories are kept.
struct ChildrenController {
    let catalogue: any Catalogue

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.post("/v1/children", use: create)
        routes.get("/v1/children", use: list)
        routes.get("/v1/children/{child}", use: show)
    }

    private func create(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try scope.require(.addChild)
        let child = try NewChild(json: try await request.smallBody()).child(at: Date())
        try await catalogue.add(child, journalling: scope.event(.childAdded, child.id, child: child.id))
        return try .json(
            ChildResponse(child), status: .created, headers: [.location: "/v1/children/\(child.id)"])
    }

    private func list(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try scope.require(.listChildren)
        let query = try ChildrenQuery(request.queryFields)
        let page = try await catalogue.children(query)
        try await catalogue.record([scope.event(.childrenListed, "children")])
        return try ListResponse(
            items: page.items.map(ChildResponse.init), next: page.next.map(PageCursor.text)
        ).response(to: request)
    }

    private func show(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let child = try await scope.child({ .seeChild($0) }, in: catalogue)
        try await catalogue.record([scope.event(.childSeen, child.id, child: child.id)])
        return try .json(ChildResponse(child))
    }
}

extension ChildrenQuery {
    /// Reads `externalId=system|value`, `query`, `limit` and `cursor`.
    init(_ fields: FormFields) throws(Problem) {
        try fields.expect(only: ["externalId", "query", "limit", "cursor"])
        var external: ExternalID?
        if let text = fields["externalId"] {
            let parts = text.split(separator: "|", maxSplits: 1)
            guard parts.count == 2 else { throw .badRequest("“externalId” is a system and a value, with | between.") }
            external = ExternalID(system: String(parts[0]), value: String(parts[1]))
        }
        var cursor: ChildrenCursor?
        if let text = fields["cursor"] { cursor = try PageCursor.parse(text) }
        self.init(
            externalID: external, nameContains: fields["query"].map { String($0.prefix(200)) }, after: cursor,
            limit: try PageCursor.limit(fields))
    }
}
