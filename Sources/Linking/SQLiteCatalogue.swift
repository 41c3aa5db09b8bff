package import Artefacts
package import FoundationEssentials
internal import GRDB

/// The index as one SQLite database.
package struct SQLiteCatalogue: Catalogue {
    let pool: DatabasePool
    private let lookups: LookupConnections
    private let groupCommit: GroupCommit
    private let health = IndexHealth()

    /// Opens the database, which is made or brought up to date as needed.
    ///
    /// - Throws: ``CatalogueError`` if it cannot be opened, or was made by a
    ///   newer version of Keepsake.
    package init(path: String) throws(CatalogueError) {
        do {
            var configuration = Configuration()
            configuration.foreignKeysEnabled = true
            configuration.busyMode = .timeout(10)
            configuration.maximumReaderCount = 4
            // What SQLite puts aside for a while is not for a folder that others use.
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA temp_store = MEMORY") }
            pool = try DatabasePool(path: path, configuration: configuration)
            let migrator = Schema.migrator
            if try pool.read(migrator.hasBeenSuperseded) {
                throw CatalogueError.database(
                    reason: "the index was made by a newer version of Keepsake: install that one")
            }
            // GRDB sets NORMAL on every pool when it opens it: a power cut could
            // then undo what was acknowledged. The pool has one writer for life.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try pool.writeWithoutTransaction { try $0.execute(sql: Self.writing) }
            try migrator.migrate(pool)
            groupCommit = GroupCommit(pool: pool)
            lookups = try LookupConnections(path: path)
        } catch {
            throw Self.translated(error)
        }
    }

    /// The files that SQLite keeps an index in: the database, and then its logs.
    package static func files(at path: String) -> [String] { [path, path + "-wal", path + "-shm"] }

    /// How the writer works.
    ///
    /// Each file changes some twenty pages, most of them the same as the next
    /// file's: the more of the log is brought into the database at once, the
    /// fewer are written. 8,000 pages of the log are 32 MiB. Pages that are
    /// changed again and again stay in memory, 8 MiB of them.
    private static let writing = """
        PRAGMA wal_autocheckpoint = 8000;
        PRAGMA cache_size = -8192;
        """

    // MARK: Children

    package func add(_ child: Child, journalling event: JournalEvent) async throws(CatalogueError) {
        try await write { database in
            for external in child.externalIDs where try Self.isTaken(external, database) {
                throw CatalogueError.externalIDTaken(external)
            }
            try Self.insert(child, database)
            try JournalWriter.append([event], database)
        }
    }

    package func child(_ id: ChildID) async throws(CatalogueError) -> Child? {
        try lookup(id, in: \.children) { database in
            try database.row("SELECT * FROM children WHERE id = ?", [id.description])
                .map { try Self.child($0, database) }
        }
    }

    package func children(_ query: ChildrenQuery) async throws(CatalogueError) -> Page<Child, ChildrenCursor> {
        var conditions = ["TRUE"]
        var arguments = StatementArguments()
        if let external = query.externalID {
            conditions.append("id IN (SELECT child FROM externalIds WHERE system = ? AND value = ?)")
            arguments += [external.system, external.value]
        }
        if let text = query.nameContains {
            conditions.append("instr(foldedName, ?) > 0")
            arguments += [text.lowercased()]
        }
        if let after = query.after {
            conditions.append("(foldedName, id) > (?, ?)")
            arguments += [after.name, after.id.description]
        }
        let sql = """
            SELECT * FROM children
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY foldedName, id
            LIMIT \(query.limit + 1)
            """
        return try await read { [arguments] database in
            let children = try Row.fetchAll(database, sql: sql, arguments: arguments)
                .map { try Self.child($0, database) }
            return Self.page(children, query.limit) {
                ChildrenCursor(name: $0.preferredName.lowercased(), id: $0.id)
            }
        }
    }

    static func insert(_ child: Child, _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO children VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                child.id.description, child.preferredName, child.preferredName.lowercased(),
                child.dateOfBirth?.description, child.pronouns, child.accessLevel.rawValue,
                child.createdAt.milliseconds,
            ])
        for (position, external) in child.externalIDs.enumerated() {
            try database.execute(
                sql: "INSERT INTO externalIds VALUES (?, ?, ?, ?)",
                arguments: [external.system, external.value, child.id.description, position])
        }
    }

    private static func isTaken(_ external: ExternalID, _ database: Database) throws -> Bool {
        try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT * FROM externalIds WHERE system = ? AND value = ?)",
            arguments: [external.system, external.value]) ?? false
    }

    static func child(_ row: Row, _ database: Database) throws -> Child {
        let external = try database.rows(
            "SELECT system, value FROM externalIds WHERE child = ? ORDER BY position", [row["id"] as String])
        return Child(
            id: try row.parsed("id") { ChildID(parsing: $0) }, preferredName: row["preferredName"],
            externalIDs: external.map { ExternalID(system: $0["system"], value: $0["value"]) },
            dateOfBirth: try row.parsedIfPresent("dateOfBirth", CalendarDay.init), pronouns: row["pronouns"],
            accessLevel: try row.parsed("accessLevel", AccessLevel.init), createdAt: row.date("createdAt"))
    }

    // MARK: Credentials

    package func add(_ credential: Credential, journalling event: JournalEvent) async throws(CatalogueError) {
        try await write { database in
            try Self.insert(credential, database)
            try JournalWriter.append([event], database)
        }
    }

    package func credential(
        _ secret: Digest, use: Credential.Use, at now: Date
    ) async throws(CatalogueError) -> Credential? {
        let credential = try lookup(secret, in: \.credentials) { try Self.credential(secret, $0) }
        return credential?.isGood(for: use, at: now) == true ? credential : nil
    }

    package func exchange(
        signIn secret: Digest, for session: Credential, at now: Date, journalling event: JournalEvent
    ) async throws(CatalogueError) -> Credential? {
        try await write { database in
            guard try Self.credential(secret, database)?.isGood(for: .signIn, at: now) == true else { return nil }
            try Self.end(secret, now, database)
            try Self.insert(session, database)
            try JournalWriter.append([event], database)
            return session
        }
    }

    package func revoke(_ secret: Digest, journalling event: JournalEvent) async throws(CatalogueError) {
        try await write { database in
            try Self.end(secret, event.at, database)
            if database.changesCount > 0 { try JournalWriter.append([event], database) }
        }
    }

    package func hasCredentials() async throws(CatalogueError) -> Bool {
        try await read { try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT * FROM credentials)") ?? false }
    }

    private static func insert(_ credential: Credential, _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO credentials VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
            arguments: [
                credential.secret.description, credential.use.rawValue, credential.principal.name,
                credential.principal.role.name, credential.principal.role.child?.description,
                credential.createdAt.milliseconds, credential.expiresAt.milliseconds,
            ])
    }

    private static func end(_ secret: Digest, _ now: Date, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE credentials SET endedAt = ? WHERE secret = ? AND endedAt IS NULL",
            arguments: [now.milliseconds, secret.description])
    }

    private static func credential(_ secret: Digest, _ database: Database) throws -> Credential? {
        try database.row(
            "SELECT * FROM credentials WHERE secret = ? AND endedAt IS NULL", [secret.description]
        )?.credential()
    }

    // MARK: Journal

    package func record(_ events: [JournalEvent]) async throws(CatalogueError) {
        try await write { try JournalWriter.append(events, $0) }
    }

    package func journal(after sequence: Int64, limit: Int) async throws(CatalogueError) -> [JournalRecord] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?",
                arguments: [sequence, limit]
            ).map { try $0.journalRecord() }
        }
    }

    package func journal(
        about child: ChildID, after sequence: Int64, limit: Int
    ) async throws(CatalogueError) -> [JournalRecord] {
        try await read { database in
            // As a union, so that both halves are read along their index and merged, without a sort.
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM journal WHERE child = ? AND sequence > ?
                    UNION ALL
                    SELECT * FROM journal
                    WHERE child IS NULL AND sequence > ?
                        AND EXISTS (SELECT * FROM entries WHERE artefact = journal.subject AND entries.child = ?)
                    ORDER BY sequence
                    LIMIT ?
                    """,
                arguments: [child.description, sequence, sequence, child.description, limit]
            ).map { try $0.journalRecord() }
        }
    }

    /// The first record that does not follow from the one before, or `nil` if all do.
    package func firstBrokenJournalRecord() async throws(CatalogueError) -> Int64? {
        try await read { database in
            var (sequence, previous) = (Int64(0), JournalChain.beginning)
            let rows = try Row.fetchCursor(database, sql: "SELECT * FROM journal ORDER BY sequence")
            while let row = try rows.next() {
                sequence += 1
                guard let record = try? row.journalRecord(), record.sequence == sequence, record.previous == previous,
                    record.digest == JournalChain.digest(after: previous, sequence: sequence, record.event)
                else { return sequence }
                previous = record.digest
            }
            return nil
        }
    }

    // MARK: Access to the database

    /// Tells, once, that the disk did not take what was written to the index.
    /// From then on nothing is written; whoever opens the index again, see
    /// ``files(at:)``, is to read it from the disk.
    package var failures: AsyncStream<String> { health.failures }

    /// What SQLite says of the writer's durability; 2 is FULL.
    ///
    /// Source: SQLite, "PRAGMA synchronous".
    package func synchronousSetting() async throws(CatalogueError) -> Int {
        do {
            return try await pool.writeWithoutTransaction {
                try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? 0
            }
        } catch {
            throw Self.translated(error)
        }
    }

    func write<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(CatalogueError) -> Value {
        try health.expect()
        do {
            return try await groupCommit.write(work)
        } catch {
            health.note(error)
            throw Self.translated(error)
        }
    }

    func read<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(CatalogueError) -> Value {
        do { return try await pool.read(work) } catch { throw Self.translated(error) }
    }

    /// Reads what a key leads to, without changing threads.
    func lookup<Key, Answer: Sendable>(
        _ key: Key, in known: KnownAnswers.Path<Key, Answer>, _ find: (Database) throws -> Answer?
    ) throws(CatalogueError) -> Answer? {
        do { return try lookups.answer(to: key, in: known, find) } catch { throw Self.translated(error) }
    }

    /// One item more than the limit was asked for, and says whether there is a next page.
    static func page<Item, Cursor>(_ items: [Item], _ limit: Int, _ cursor: (Item) -> Cursor) -> Page<Item, Cursor> {
        let shown = Array(items.prefix(limit))
        return Page(items: shown, next: items.count > limit ? shown.last.map(cursor) : nil)
    }

    static func translated(_ error: any Error) -> CatalogueError {
        switch error {
        case let error as CatalogueError: error
        case let error as DatabaseError where error.resultCode == .SQLITE_FULL: .noSpace
        default: .database(reason: "\(error)")
        }
    }
}
