internal import Artefacts
internal import FoundationEssentials
internal import GRDB

/// What has to be written beside the blobs.
extension SQLiteCatalogue {
    package func changedRecords(limit: Int) async throws(CatalogueError) -> [ChangedRecord] {
        try await read { database in
            try database.rows("SELECT kind, id, change FROM outbox ORDER BY change LIMIT ?", [limit]).map {
                ChangedRecord(
                    kind: try $0.parsed("kind", IndexedRecord.Kind.init), id: $0["id"], change: $0["change"])
            }
        }
    }

    package func records(of changed: [ChangedRecord]) async throws(CatalogueError) -> [IndexedRecord?] {
        try await read { database in try changed.map { try Self.record($0.kind, $0.id, database) } }
    }

    private static func record(
        _ kind: IndexedRecord.Kind, _ id: String, _ database: Database
    ) throws -> IndexedRecord? {
        switch kind {
        case .child:
            try database.row("SELECT * FROM children WHERE id = ?", [id]).map { .child(try child($0, database)) }
        case .artefact:
            try history(of: id, database).map { .artefact($0) }
        case .refusal:
            try database.row("SELECT * FROM refusals WHERE upload = ?", [id]).map { .refusal(try $0.refusal()) }
        }
    }

    private static func history(of id: String, _ database: Database) throws -> ArtefactHistory? {
        guard let linked = try linked("artefacts.id = ?", id, database),
            let row = try database.row("SELECT upload, addedBy FROM artefacts WHERE id = ?", [id])
        else { return nil }
        return ArtefactHistory(
            upload: try row.parsed("upload") { UploadID(parsing: $0) }, addedBy: row["addedBy"],
            artefact: linked.artefact, outcomes: try outcomes(of: id, database), entries: linked.entries,
            writings: try linked.entries.map { try writings(about: $0.id, database) })
    }

    package func written(_ records: [ChangedRecord]) async throws(CatalogueError) {
        try await write { database in
            // What was changed since has another number, and stays.
            let statement = try database.cachedStatement(sql: "DELETE FROM outbox WHERE change = ?")
            for record in records { try statement.execute(arguments: [record.change]) }
        }
    }

    package func writtenJournal() async throws(CatalogueError) -> Int64 {
        try await read { try Int64.fetchOne($0, sql: "SELECT journal FROM written") ?? 0 }
    }

    package func written(journalUpTo sequence: Int64) async throws(CatalogueError) {
        try await write { try $0.execute(sql: "UPDATE written SET journal = ?", arguments: [sequence]) }
    }
}

/// Making the index anew from what was written.
extension SQLiteCatalogue {
    package func restore(_ records: [IndexedRecord]) async throws(CatalogueError) {
        try await write { database in
            for record in records {
                switch record {
                case .child(let child): try Self.insert(child, database)
                case .artefact(let history): try Self.insert(history, database)
                case .refusal(let refusal): try Self.insert(refusal, database)
                }
            }
        }
    }

    private static func insert(_ history: ArtefactHistory, _ database: Database) throws {
        for entry in history.entries {
            guard try exists(entry.child, database) else { throw CatalogueError.noSuchChild(entry.child) }
        }
        try insert(history.artefact, from: history.upload, addedBy: history.addedBy, .background, database)
        for outcome in history.outcomes { try insert(outcome, of: history.artefact.id, database) }
        for (entry, writings) in zip(history.entries, history.writings) {
            try insert(entry, database)
            try append(writings, to: entry.id, database)
        }
    }

    package func restore(journal records: [JournalRecord]) async throws(CatalogueError) {
        try await write { database in
            for record in records { try JournalWriter.insert(record, database) }
        }
    }

    package func setAside(_ blobs: [StoredBlob]) async throws(CatalogueError) {
        try await write { database in
            for blob in blobs {
                try database.execute(
                    sql: "INSERT OR IGNORE INTO unplaced VALUES (?, ?)",
                    arguments: [blob.digest.description, blob.size])
            }
        }
    }

    package func unplacedBlobs() async throws(CatalogueError) -> [StoredBlob] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT digest, size FROM unplaced
                    WHERE NOT EXISTS (SELECT * FROM artefacts WHERE artefacts.digest = unplaced.digest)
                        AND NOT EXISTS (SELECT * FROM derivatives WHERE derivatives.digest = unplaced.digest)
                    ORDER BY digest
                    """
            ).map { StoredBlob(digest: try $0.parsed("digest") { try? Digest(parsing: $0) }, size: $0["size"]) }
        }
    }

    /// Copies the index, as it is at one moment, while it is in use.
    ///
    /// - Parameter path: of a file that is not there; its folder is.
    package func backUp(to path: String) async throws(CatalogueError) -> SQLiteCatalogue {
        do {
            let copy = try DatabaseQueue(path: path)
            try pool.backup(to: copy)
            try copy.close()
        } catch {
            throw Self.translated(error)
        }
        return try SQLiteCatalogue(path: path)
    }

    /// Brings everything into the one file of the index, which can then be moved.
    package func close() throws(CatalogueError) {
        do {
            _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            try pool.close()
        } catch {
            throw Self.translated(error)
        }
    }
}
