internal import Artefacts
internal import Hummingbird
internal import Linking

/// `/v1/children/{child}/timeline`: a child's story, in order.
struct TimelineController {
    let catalogue: any Catalogue

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.get("/v1/children/{child}/timeline", use: list)
    }

    private func list(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let child = try await scope.child({ .seeTimeline(of: $0) }, in: catalogue)
        let query = try TimelineQuery(request.queryFields, of: child.id, for: scope.principal)
        let page = try await catalogue.timeline(query)
        try await catalogue.record([scope.event(.timelineSeen, child.id, child: child.id)])
        return try ListResponse(
            items: page.items.map(TimelineItemResponse.init), next: page.next.map(PageCursor.text)
        ).response(to: request)
    }
}

extension TimelineQuery {
    /// Reads the filters, the order and the cursor of a request.
    ///
    /// - Throws: ``Problem`` with status 400 that says which one does not fit.
    init(_ fields: FormFields, of child: ChildID, for principal: Principal) throws(Problem) {
        try fields.expect(only: [
            "from", "to", "lens", "voice", "kind", "contributor", "visit", "order", "limit", "cursor",
        ])
        self.init(child: child, visibilities: AccessPolicy.visibilities(for: principal.role))
        order = try fields.choice("order") ?? .newest
        from = try fields.instant("from")
        to = try fields.instant("to")
        lens = try fields.choice("lens")
        voice = try fields.choice("voice")
        kind = try fields.choice("kind")
        contributor = fields["contributor"]
        visit = fields["visit"]
        limit = try PageCursor.limit(fields)
        if let text = fields["cursor"] { after = try PageCursor.parse(text) }
    }
}
