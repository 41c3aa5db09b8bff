package import Artefacts
internal import GRDB

/// Words in stories.
extension SQLiteCatalogue {
    package func search(_ query: SearchQuery) async throws(CatalogueError) -> Page<SearchHit, TimelineCursor> {
        try await read { database in
            let statement = SearchStatement(query)
            let hits = try Row.fetchAll(database, sql: statement.sql, arguments: statement.arguments).map { row in
                let item = TimelineItem(entry: try row.entry(), artefact: try row.artefact())
                let snippet = try Self.snippet(of: row["number"], item, statement.expression, database)
                return SearchHit(item: item, snippet: snippet)
            }
            return Self.page(hits, query.limit) {
                TimelineCursor(
                    happenedAt: $0.item.entry.happened.at.milliseconds, id: $0.item.entry.id)
            }
        }
    }

    package func index(text: String, of artefact: ArtefactID) async throws(CatalogueError) {
        let text = Self.searchedText(text)
        try await write { database in
            try database.run(
                sql: """
                    INSERT INTO searchable (entry, artefact, child, caption, text)
                    SELECT id, artefact, replace(child, '-', ''), coalesce(caption, ''), ? FROM entries
                    WHERE artefact = ?
                    ON CONFLICT (entry) DO UPDATE SET text = excluded.text WHERE text <> excluded.text
                    """,
                arguments: [text, artefact.description])
        }
    }

    /// What of a text is searched, without characters that are no text.
    private static func searchedText(_ text: String) -> String {
        let part = String(decoding: text.utf8.prefix(longestSearchedText), as: UTF8.self)
        let isControl: (Unicode.Scalar) -> Bool = { $0.value < 0x20 && $0 != "\n" && $0 != "\t" }
        guard part.unicodeScalars.contains(where: isControl) else { return part }
        return String(String.UnicodeScalarView(part.unicodeScalars.map { isControl($0) ? " " : $0 }))
    }

    // MARK: Snippets

    /// What the words are put between: characters that no text has here.
    private static let beginning: Character = "\u{2}"
    private static let end: Character = "\u{3}"
    /// Most words in a snippet.
    private static let snippetSize = 24

    /// Some of what was read where that has the words and is shown, else of the caption.
    private static func snippet(
        of number: Int64, _ item: TimelineItem, _ expression: String, _ database: Database
    ) throws -> [SnippetPiece] {
        let row = try database.row(
            """
            SELECT snippet(search, 1, ?, ?, '…', ?) AS caption, snippet(search, 2, ?, ?, '…', ?) AS text
            FROM search WHERE search MATCH ? AND rowid = ?
            """,
            [
                String(beginning), String(end), snippetSize, String(beginning), String(end), snippetSize, expression,
                number,
            ])
        guard let row else { return [] }
        let text: String = row["text"]
        return pieces(of: item.artefact.finding.state == .kept && text.contains(beginning) ? text : row["caption"])
    }

    private static func pieces(of marked: String) -> [SnippetPiece] {
        var pieces: [SnippetPiece] = []
        func add(_ text: Substring, isMatch: Bool) {
            let text = text.filter { $0 != end }
            if !text.isEmpty { pieces.append(SnippetPiece(text: text, isMatch: isMatch)) }
        }
        let parts = marked.split(separator: beginning, omittingEmptySubsequences: false)
        add(parts[0], isMatch: false)
        for part in parts.dropFirst() {
            let halves = part.split(separator: end, maxSplits: 1, omittingEmptySubsequences: false)
            add(halves[0], isMatch: true)
            if halves.count > 1 { add(halves[1], isMatch: false) }
        }
        return pieces
    }
}
