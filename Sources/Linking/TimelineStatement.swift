internal import Artefacts
internal import GRDB

/// The question that one page of a timeline answers.
///
/// Walks the index `entriesByTime` in the order asked for, from the cursor on.
struct TimelineStatement {
    let sql: String
    let arguments: StatementArguments

    init(_ query: TimelineQuery) {
        var conditions = [
            "child = ?", "visibility IN (\(query.visibilities.map { _ in "?" }.joined(separator: ", ")))",
            "state <> 'refused'",
        ]
        var arguments: StatementArguments = [query.child.description]
        arguments += StatementArguments(query.visibilities.map(\.rawValue))
        func demand(_ condition: String, _ values: StatementArguments) {
            conditions.append(condition)
            arguments += values
        }
        if let from = query.from { demand("happenedAt >= ?", [from.milliseconds]) }
        if let to = query.to { demand("happenedAt < ?", [to.milliseconds]) }
        if let lens = query.lens {
            demand("EXISTS (SELECT * FROM json_each(lenses) WHERE json_each.value = ?)", [lens.rawValue])
        }
        if let voice = query.voice { demand("voice = ?", [voice.rawValue]) }
        if let kind = query.kind { demand("kind = ?", [kind.rawValue]) }
        if let contributor = query.contributor { demand("contributor = ?", [contributor]) }
        if let visit = query.visit { demand("visit = ?", [visit]) }
        let (comparison, direction) = query.order == .newest ? ("<", "DESC") : (">", "ASC")
        if let after = query.after {
            demand("(happenedAt, entries.id) \(comparison) (?, ?)", [after.happenedAt, after.id.description])
        }
        sql = """
            SELECT \(SQLiteCatalogue.entryColumns), \(SQLiteCatalogue.artefactColumns)
            FROM entries
            JOIN artefacts ON artefacts.id = entries.artefact
            JOIN blobs USING (digest)
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY happenedAt \(direction), entries.id \(direction)
            LIMIT \(query.limit + 1)
            """
        self.arguments = arguments
    }
}
