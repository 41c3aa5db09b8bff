internal import Artefacts
internal import Hummingbird
internal import Linking

/// `/v1/children/{child}/search`: where the words are in a child's story.
struct SearchController {
    let catalogue: any Catalogue

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.get("/v1/children/{child}/search", use: list)
    }

    private func list(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let child = try await scope.child({ .seeTimeline(of: $0) }, in: catalogue)
        let query = try SearchQuery(request.queryFields, of: child.id, for: scope.principal)
        let page = try await catalogue.search(query)
        try await catalogue.record([scope.event(.searched, child.id, child: child.id)])
        return try ListResponse(
            items: page.items.map(SearchHitResponse.init), next: page.next.map(PageCursor.text)
        ).response(to: request)
    }
}

extension SearchQuery {
    /// Reads the words, the limit and the cursor of a request.
    ///
    /// - Throws: ``Problem`` with status 400 that says which one does not fit.
    init(_ fields: FormFields, of child: ChildID, for principal: Principal) throws(Problem) {
        try fields.expect(only: ["q", "limit", "cursor"])
        let words: SearchWords
        do { words = try SearchWords(parsing: fields["q"] ?? "") } catch { throw .badRequest(error.sentence) }
        self.init(child: child, visibilities: AccessPolicy.visibilities(for: principal.role), words: words)
        limit = try PageCursor.limit(fields)
        if let text = fields["cursor"] { after = try PageCursor.parse(text) }
    }
}

extension SearchWords.Refusal {
    /// For the person who searches.
    var sentence: String {
        switch self {
        case .noWord: "Say in “q” what to look for: at least one word, with a letter or a digit."
        case .tooLong: "“q” has at most \(SearchWords.longestText) characters. Look for fewer words."
        case .tooManyWords: "“q” has at most \(SearchWords.mostWords) words. Look for fewer."
        }
    }
}

/// A line of a timeline with where the words are in it.
struct SearchHitResponse: Encodable {
    private let item: TimelineItemResponse
    private let foundIn: SearchedField
    private let snippet: [SnippetPiece]

    private enum CodingKeys: String, CodingKey { case foundIn, snippet }

    init(_ hit: SearchHit) {
        item = TimelineItemResponse(hit.item)
        foundIn = hit.foundIn
        snippet = hit.snippet
    }

    func encode(to encoder: any Encoder) throws {
        try item.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(foundIn, forKey: .foundIn)
        try container.encode(snippet, forKey: .snippet)
    }
}
