package import Artefacts
internal import FoundationEssentials
internal import GRDB

/// What people write about entries.
extension SQLiteCatalogue {
    package func entry(_ id: EntryID) async throws(CatalogueError) -> TimelineItem? {
        try await read { try Self.item(id, $0) }
    }

    package func write(
        _ writings: [Writing], about id: EntryID
    ) async throws(CatalogueError) -> TimelineItem? {
        try await write { database in
            guard let item = try Self.item(id, database) else { return nil }
            let news = writings.filter { $0.text != item.entry.words[$0.field] }
            guard !news.isEmpty else { return item }
            guard try Self.written(about: id, database) + news.reduce(0, { $0 + $1.size }) <= mostWritten else {
                throw CatalogueError.tooMuchWritten(id)
            }
            try Self.append(news, to: id, database)
            for writing in news { try Self.apply(writing, to: item, database) }
            try JournalWriter.append(
                news.map { writing in
                    JournalEvent(
                        at: writing.at, actor: writing.who, act: .corrected, subject: "\(id)/\(writing.field.rawValue)",
                        child: item.entry.child)
                }, database)
            return try Self.item(id, database)
        }
    }

    package func writings(about entry: EntryID) async throws(CatalogueError) -> [Writing] {
        try await read { try Self.writings(about: entry, $0) }
    }

    static func writings(about entry: EntryID, _ database: Database) throws -> [Writing] {
        try database.rows(
            "SELECT field, text, who, at FROM writings WHERE entry = ? ORDER BY number", [entry.description]
        ).map { try $0.writing() }
    }

    static func append(_ writings: [Writing], to entry: EntryID, _ database: Database) throws {
        for writing in writings {
            try database.run(
                sql: "INSERT INTO writings (entry, field, text, who, at) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    entry.description, writing.field.rawValue, writing.text, writing.who, writing.at.milliseconds,
                ])
        }
    }

    private static func item(_ id: EntryID, _ database: Database) throws -> TimelineItem? {
        try database.row(
            """
            SELECT \(entryColumns), \(artefactColumns)
            FROM entries JOIN artefacts ON artefacts.id = entries.artefact JOIN blobs USING (digest)
            WHERE entries.id = ?
            """, [id.description]
        ).map { try item($0, database) }
    }

    /// How much was written about the entry so far.
    private static func written(about entry: EntryID, _ database: Database) throws -> Int {
        try database.row(
            """
            SELECT coalesce(sum(coalesce(length(CAST(text AS BLOB)), 0) + \(writingOverhead)), 0) AS size
            FROM writings WHERE entry = ?
            """, [entry.description]
        ).map { $0["size"] } ?? 0
    }

    /// The entry itself says what was written last.
    private static func apply(_ writing: Writing, to item: TimelineItem, _ database: Database) throws {
        let id = item.entry.id.description
        switch writing.field {
        case .caption, .transcript, .altText, .language:
            try database.run(
                sql: "UPDATE entries SET \(writing.field.rawValue) = ? WHERE id = ?", arguments: [writing.text, id])
        case .happenedAt:
            let words = EntryWords(happenedAt: writing.text.flatMap(Instant.parse))
            try database.run(
                sql: """
                    UPDATE entries
                    SET statedAt = ?, happenedAt = ?, happenedPrecision = ?, happenedSource = ?,
                        happenedConfidence = ?, happenedOffset = ?
                    WHERE id = ?
                    """,
                arguments: [words.happenedAt?.milliseconds]
                    + columns(of: words.happened ?? item.artefact.finding.captured) + [id])
        }
    }
}

extension Writing {
    fileprivate var size: Int { (text?.utf8.count ?? 0) + writingOverhead }
}
