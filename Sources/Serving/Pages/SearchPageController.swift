internal import Artefacts
internal import Hummingbird
internal import Linking

/// What somebody looks for in a child's story, for people.
struct SearchPageController {
    let catalogue: any Catalogue
    let pages: PageTemplates

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.get("/children/{child}/search", use: show)
    }

    private func show(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let child = try await scope.child({ .seeTimeline(of: $0) }, in: catalogue)
        let fields = request.queryFields
        guard let text = fields["q"] else { return .redirect(to: "/children/\(child.id)") }
        do {
            let query = try SearchQuery(fields, of: child.id, for: scope.principal)
            let page = try await catalogue.search(query)
            try await catalogue.record([scope.event(.searched, child.id, child: child.id)])
            return .page(pages.render(try SearchPage(of: text, in: child, page, for: scope.principal)))
        } catch let problem as Problem {
            return .page(pages.render(SearchPage(of: text, in: child, notice: problem.detail, for: scope.principal)))
        }
    }
}

extension SearchPage {
    /// What was found.
    init(
        of text: String, in child: Child, _ page: Page<SearchHit, TimelineCursor>, for principal: Principal
    ) throws {
        let items = page.items.map { TimelinePageItem($0, for: principal) }
        self.init(
            of: text, in: child, for: principal, items: items,
            next: try page.next.map { cursor in
                var next = FormFields()
                next.add("q", text)
                next.add("cursor", try PageCursor.text(of: cursor))
                return "/children/\(child.id)/search?" + next.query
            })
    }

    /// - Parameter notice: why nothing could be looked for.
    init(
        of text: String, in child: Child, notice: String? = nil, for principal: Principal,
        items: [TimelinePageItem] = [], next: String? = nil
    ) {
        self.init(
            title: "Found in \(child.preferredName)’s story",
            heading: principal.role.child == nil ? "Found in \(child.preferredName)’s story" : "Found in my story",
            story: "/children/\(child.id)", query: text, notice: notice, items: items, next: next)
    }
}
