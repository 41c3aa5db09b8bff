internal import Artefacts
internal import GRDB

/// The questions that one page of a search asks.
///
/// A word of the caller is a string to FTS5, and never its syntax. The child is
/// a word of the index too: so a search costs what this child's story costs,
/// however many others there are.
///
/// Source: SQLite, "FTS5: Full-text Query Syntax".
struct SearchStatement {
    let sql: String
    let arguments: StatementArguments
    /// What FTS5 is asked for: in what people wrote and in what was read.
    let expression: String

    init(_ query: SearchQuery) {
        let words = Self.expression(query.words.words)
        let child = Self.quoted(Self.term(of: query.child))
        expression = "child : \(child) AND {caption text transcript altText} : (\(words))"
        let written = "child : \(child) AND {caption transcript altText} : (\(words))"
        var conditions = """
            entries.child = ? AND visibility IN (\(query.visibilities.map { _ in "?" }.joined(separator: ", ")))
            -- What was read in an artefact that is not shown is not found either.
            AND (state = 'kept' OR state <> 'refused' AND number IN (SELECT rowid FROM search WHERE search MATCH ?))
            """
        var arguments: StatementArguments = [expression, query.child.description]
        arguments += StatementArguments(query.visibilities.map(\.rawValue))
        arguments += [written]
        if let after = query.after {
            conditions += " AND (happenedAt, entries.id) < (?, ?)"
            arguments += [after.happenedAt, after.id.description]
        }
        sql = """
            SELECT number, \(SQLiteCatalogue.entryColumns), \(SQLiteCatalogue.artefactColumns)
            FROM (
                SELECT number, entry AS found FROM searchable
                WHERE number IN (SELECT rowid FROM search WHERE search MATCH ?)
            )
            JOIN entries ON entries.id = found
            JOIN artefacts ON artefacts.id = entries.artefact
            JOIN blobs USING (digest)
            WHERE \(conditions)
            ORDER BY happenedAt DESC, entries.id DESC
            LIMIT \(query.limit + 1)
            """
        self.arguments = arguments
    }

    /// All of the words; of the last, the beginning is enough. That of a single
    /// letter would be looked for through every word of every story.
    private static func expression(_ words: [String]) -> String {
        let isLong = words.last.map { $0.utf8.count > 2 || $0.count > 1 } ?? false
        return words.map(quoted).joined(separator: " AND ") + (isLong ? " *" : "")
    }

    /// How the index writes a child: as one word. See `Schema`.
    private static func term(of child: ChildID) -> String { child.description.filter { $0 != "-" } }

    private static func quoted(_ word: String) -> String {
        "\"" + word.filter { $0 != "\0" }.replacing("\"", with: "\"\"") + "\""
    }
}
