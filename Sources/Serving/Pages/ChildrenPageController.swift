internal import Artefacts
internal import FoundationEssentials
internal import Hummingbird
internal import Linking

/// The start page and the list of children, for people.
struct ChildrenPageController {
    let catalogue: any Catalogue
    let pages: PageTemplates

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.get("/", use: start)
        routes.get("/children", use: list)
        routes.post("/children", use: create)
    }

    /// Everybody begins where they can go on: a child with their own story.
    private func start(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        .redirect(to: scope.principal.role.child.map { "/children/\($0)" } ?? "/children")
    }

    private func list(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try scope.require(.listChildren)
        let query = try ChildrenQuery(request.queryFields)
        let page = try await catalogue.children(query)
        try await catalogue.record([scope.event(.childrenListed, "children")])
        let next = try page.next.map { try "/children?cursor=" + PageCursor.text(of: $0) }
        return .page(
            pages.render(
                ChildrenPage(
                    query: query.nameContains, children: page.items.map(ChildrenPage.Item.init), next: next,
                    isEmpty: page.items.isEmpty && query.nameContains == nil)))
    }

    private func create(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try scope.require(.addChild)
        let fields = try await request.formFields()
        try fields.expect(only: ["preferredName", "dateOfBirth", "pronouns", "system", "value"])
        var new = NewChild(preferredName: fields["preferredName"] ?? "")
        new.dateOfBirth = fields["dateOfBirth"]
        new.pronouns = fields["pronouns"]
        switch (fields["system"]?.trimmed.nonEmpty, fields["value"]?.trimmed.nonEmpty) {
        case (let system?, let value?): new.externalIds = [ExternalID(system: system, value: value)]
        case (nil, nil): break
        default: throw Problem.badRequest("An id in a case system needs both: the name of the system, and the id.")
        }
        let child = try new.child(at: Date())
        try await catalogue.add(child, journalling: scope.event(.childAdded, child.id, child: child.id))
        return .redirect(to: "/children/\(child.id)")
    }
}

extension ChildrenPage.Item {
    fileprivate init(_ child: Child) {
        self.init(
            href: "/children/\(child.id)", name: child.preferredName,
            initial: String(child.preferredName.prefix(1)).uppercased(), detail: child.pronouns)
    }
}
