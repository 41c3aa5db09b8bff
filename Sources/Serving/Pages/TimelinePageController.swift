internal import Artefacts
internal import Hummingbird
internal import Linking

/// A child's story, for people.
struct TimelinePageController {
    let catalogue: any Catalogue
    let forms: FormIntake
    let pages: PageTemplates

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.get("/children/{child}", use: show)
        routes.post("/children/{child}/artefacts", use: create)
    }

    private func show(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let child = try await scope.child({ .seeTimeline(of: $0) }, in: catalogue)
        var fields = request.queryFields
        let notice = fields.remove("added").map(Self.notice)
        let query = try TimelineQuery(fields, of: child.id, for: scope.principal)
        let page = try await catalogue.timeline(query)
        try await catalogue.record([scope.event(.timelineSeen, child.id, child: child.id)])
        return .page(pages.render(try Self.page(child, page, query, fields, notice, scope)))
    }

    private func create(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let child = try await scope.child({ .addArtefact(to: $0) }, in: catalogue)
        let outcomes = try await forms.take(request, to: child.id, by: scope)
        let refusals = outcomes.compactMap(\.refusal)
        guard refusals.isEmpty else { throw Problem.refused(refusals, added: outcomes.count - refusals.count) }
        return .redirect(to: "/children/\(child.id)?added=\(outcomes.count)")
    }

    private static func notice(_ count: String) -> String {
        count == "1" ? "Added to the story, and safe." : "All added to the story, and safe."
    }

    private static func page(
        _ child: Child, _ page: Page<TimelineItem, TimelineCursor>, _ query: TimelineQuery, _ fields: FormFields,
        _ notice: String?, _ scope: SignedInScope
    ) throws -> TimelinePage {
        let here = "/children/\(child.id)"
        let own = scope.principal.role.child != nil
        return TimelinePage(
            title: child.preferredName, heading: own ? "My story" : "\(child.preferredName)’s story",
            child: child.id.description, action: here + "/artefacts", here: here, notice: notice,
            isWorker: scope.principal.role == .worker,
            isEmpty: page.items.isEmpty && fields.pairs.isEmpty,
            orders: [
                choice("newest", "newest first", query.order.rawValue),
                choice("oldest", "oldest first", query.order.rawValue),
            ],
            kinds: choices("everything", ArtefactKind.allCases, query.kind, Wording.kind),
            lenses: choices("everything", Lens.allCases, query.lens, Wording.lens),
            voices: choices("every voice", Voice.allCases, query.voice, Wording.voice),
            items: page.items.map { TimelinePageItem($0, for: scope.principal) },
            next: try page.next.map { cursor in
                var next = fields
                _ = next.remove("cursor")
                next.add("cursor", try PageCursor.text(of: cursor))
                return here + "?" + next.query
            })
    }

    private static func choices<Value: RawRepresentable<String>>(
        _ all: String, _ values: [Value], _ selected: Value?, _ label: (Value) -> String
    ) -> [TimelinePage.Choice] {
        let selected = selected?.rawValue ?? ""
        return [choice("", all, selected)] + values.map { choice($0.rawValue, label($0), selected) }
    }

    private static func choice(_ value: String, _ label: String, _ selected: String) -> TimelinePage.Choice {
        TimelinePage.Choice(value: value, label: label, selected: value == selected)
    }
}
