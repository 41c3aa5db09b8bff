package import Artefacts
internal import GRDB

/// Words in stories.
extension SQLiteCatalogue {
    package func search(_ query: SearchQuery) async throws(CatalogueError) -> Page<SearchHit, TimelineCursor> {
        try await read { database in
            let statement = SearchStatement(query)
            let rows = try Row.fetchAll(database, sql: statement.sql, arguments: statement.arguments)
            let snippets = try Self.snippets(of: rows.map { $0["number"] }, statement.expression, database)
            let hits = try rows.map { row in
                let item = try Self.item(row, database)
                let (field, pieces) = snippets[row["number"]]?.pieces(of: item) ?? (.caption, [])
                return SearchHit(item: item, foundIn: field, snippet: pieces)
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
                    INSERT INTO searchable (entry, artefact, child, caption, text, transcript, altText)
                    SELECT
                        id, artefact, replace(child, '-', ''), coalesce(caption, ''), ?, coalesce(transcript, ''),
                        coalesce(altText, '')
                    FROM entries WHERE artefact = ?
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

    /// Snippets of rows, by their numbers. FTS5 looks for the words once, and not once for each row.
    private static func snippets(
        of numbers: [Int64], _ expression: String, _ database: Database
    ) throws -> [Int64: Snippet] {
        let mark: StatementArguments = [String(Snippet.beginning), String(Snippet.end), Snippet.size]
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT
                    rowid, snippet(search, 1, ?, ?, '…', ?) AS caption, snippet(search, 2, ?, ?, '…', ?) AS text,
                    snippet(search, 3, ?, ?, '…', ?) AS transcript, snippet(search, 4, ?, ?, '…', ?) AS altText
                FROM search WHERE search MATCH ? AND +rowid IN (SELECT value FROM json_each(?))
                """,
            arguments: mark + mark + mark + mark + [expression, try jsonText(numbers)])
        return Dictionary(uniqueKeysWithValues: rows.map { ($0["rowid"], Snippet($0)) })
    }
}

/// Some of what a row has, with the words marked.
private struct Snippet {
    /// What the words are put between: characters that no text has here.
    static let beginning: Character = "\u{2}"
    static let end: Character = "\u{3}"
    /// Most words in a snippet.
    static let size = 24

    /// The texts that have the words, by where they stand.
    private let marked: [(field: SearchedField, text: String)]
    private let caption: String

    init(_ row: Row) {
        marked = SearchedField.allCases.map { ($0, row[$0.rawValue]) }.filter { $0.text.contains(Self.beginning) }
        caption = row["caption"]
    }

    /// That of the first of the fields that has some of the words and is shown.
    func pieces(of item: TimelineItem) -> (SearchedField, [SnippetPiece]) {
        let isKept = item.artefact.finding.state == .kept
        guard let found = marked.first(where: { $0.field != .text || isKept }) else {
            return (.caption, Self.pieces(of: caption))
        }
        return (found.field, Self.pieces(of: found.text))
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
