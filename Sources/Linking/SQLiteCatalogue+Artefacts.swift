package import Artefacts
internal import FoundationEssentials
internal import GRDB

/// Artefacts, and their places on timelines.
extension SQLiteCatalogue {
    package func link(_ link: Link, journalling event: JournalEvent) async throws(CatalogueError) -> Linked {
        try await write { database in
            if let linked = try Self.linked(from: link.upload, database) { return linked }
            guard try Self.exists(link.entry.child, database) else {
                throw CatalogueError.noSuchChild(link.entry.child)
            }
            try Self.insert(link, database)
            try JournalWriter.append([event], database)
            return link.linked
        }
    }

    package func settle(
        _ id: ArtefactID, _ finding: Finding, journalling event: JournalEvent
    ) async throws(CatalogueError) {
        try await write { database in
            let captured = finding.captured
            try database.run(
                sql: """
                    UPDATE artefacts
                    SET state = ?, reasons = ?, mimeType = ?, kind = ?, media = ?, capturedAt = ?,
                        capturedPrecision = ?, capturedSource = ?, capturedConfidence = ?, capturedOffset = ?,
                        puid = ?, report = ?, presentation = ?
                    WHERE id = ? AND state = 'inspecting'
                    """,
                arguments: try Self.columns(of: finding) + [id.description])
            let isNews = database.changesCount > 0
            if finding.state != .inspecting {
                try database.run(
                    sql: "DELETE FROM jobs WHERE artefact = ? AND task = 'inspect'", arguments: [id.description])
            }
            guard isNews else { return }
            if finding.state == .kept { try Self.ask(.derive, of: id, .interactive, at: event.at, database) }
            try database.run(
                sql: """
                    UPDATE entries
                    SET happenedAt = ?, happenedPrecision = ?, happenedSource = ?, happenedConfidence = ?,
                        happenedOffset = ?
                    WHERE artefact = ? AND statedAt IS NULL
                    """,
                arguments: Self.columns(of: captured) + [id.description])
            try JournalWriter.append([event], database)
        }
    }

    package func decide(
        _ id: ArtefactID, _ state: ArtefactState, journalling event: JournalEvent
    ) async throws(CatalogueError) -> Bool {
        try await write { database in
            // What is kept and has reasons was held, and then released.
            try database.run(
                sql: "UPDATE artefacts SET state = ? WHERE id = ? AND state = ? AND reasons <> '[]'",
                arguments: [
                    state.rawValue, id.description, (state == .kept ? ArtefactState.held : .kept).rawValue,
                ])
            guard database.changesCount > 0 else { return false }
            if state == .kept { try Self.ask(.derive, of: id, .interactive, at: event.at, database) }
            try JournalWriter.append([event], database)
            return true
        }
    }

    package func refuse(_ refusal: Refusal, journalling event: JournalEvent) async throws(CatalogueError) {
        try await write { database in
            try Self.insert(refusal, database)
            if database.changesCount > 0 { try JournalWriter.append([event], database) }
        }
    }

    package func artefact(_ id: ArtefactID) async throws(CatalogueError) -> Linked? {
        try lookup(id, in: \.artefacts) { try Self.linked("artefacts.id = ?", id.description, $0) }
    }

    package func outcome(of upload: UploadID) async throws(CatalogueError) -> UploadOutcome? {
        try await read { database in
            if let linked = try Self.linked(from: upload, database) { return .linked(linked) }
            return try database.row("SELECT * FROM refusals WHERE upload = ?", [upload.description]).map {
                .refused(try $0.refusal())
            }
        }
    }

    package func timeline(_ query: TimelineQuery) async throws(CatalogueError) -> Page<TimelineItem, TimelineCursor> {
        try await read { try Self.timeline(query, $0) }
    }

    package func story(of child: ChildID) async throws(CatalogueError) -> [TimelineItem] {
        try await read { database in
            var query = TimelineQuery(child: child, visibilities: Visibility.allCases)
            query.limit = 200
            var items: [TimelineItem] = []
            repeat {
                let page = try Self.timeline(query, database)
                items += page.items
                query.after = page.next
            } while query.after != nil
            return items
        }
    }

    private static func timeline(
        _ query: TimelineQuery, _ database: Database
    ) throws -> Page<TimelineItem, TimelineCursor> {
        let statement = TimelineStatement(query)
        let items = try Row.fetchAll(database, sql: statement.sql, arguments: statement.arguments).map {
            try item($0, database)
        }
        return page(items, query.limit) {
            TimelineCursor(happenedAt: $0.entry.happened.at.milliseconds, id: $0.entry.id)
        }
    }

    static func item(_ row: Row, _ database: Database) throws -> TimelineItem {
        TimelineItem(entry: try row.entry(), artefact: try artefact(row, database))
    }

    static let artefactColumns = """
        artefacts.id AS artefactId, digest, size, damage, fileName, declaredMimeType, receivedAt, state, reasons,
        mimeType, kind, media, capturedAt, capturedPrecision, capturedSource, capturedConfidence, capturedOffset,
        declaredModifiedAt, declaredTimeZone, puid, report, presentation
        """

    static let entryColumns = """
        entries.id AS entryId, child, artefact, happenedAt, happenedPrecision, happenedSource,
        happenedConfidence, happenedOffset, statedAt, caption, voice, lenses, contributor, visit, visibility,
        createdAt, transcript, altText, language, addedAs
        """

    private static func linked(from upload: UploadID, _ database: Database) throws -> Linked? {
        try linked("artefacts.upload = ?", upload.description, database)
    }

    static func linked(_ condition: String, _ argument: String, _ database: Database) throws -> Linked? {
        let row = try database.row(
            "SELECT \(artefactColumns) FROM artefacts JOIN blobs USING (digest) WHERE \(condition)", [argument])
        guard let artefact = try row.map({ try Self.artefact($0, database) }) else { return nil }
        let entries = try database.rows(
            "SELECT \(entryColumns) FROM entries WHERE artefact = ? ORDER BY id", [artefact.id.description])
        return Linked(artefact: artefact, entries: try entries.map { try $0.entry() })
    }

    private static func artefact(_ row: Row, _ database: Database) throws -> Artefact {
        try row.artefact(with: derivatives(of: row["artefactId"], database))
    }

    static func exists(_ child: ChildID, _ database: Database) throws -> Bool {
        try database.row("SELECT id FROM children WHERE id = ?", [child.description]) != nil
    }

    private static func insert(_ link: Link, _ database: Database) throws {
        try insert(link.artefact, from: link.upload, addedBy: link.addedBy, .interactive, database)
        try insert(link.entry, database)
        try append(link.entry.words.writings(by: link.addedBy, at: link.entry.createdAt), to: link.entry.id, database)
    }

    /// Adds the artefact, with the jobs that it needs.
    static func insert(
        _ artefact: Artefact, from upload: UploadID, addedBy: String, _ priority: JobPriority, _ database: Database
    ) throws {
        try keep(blob: artefact.digest, size: artefact.size, at: artefact.receivedAt, database)
        try database.run(
            sql: """
                INSERT INTO artefacts (
                    id, upload, digest, fileName, declaredMimeType, addedBy, receivedAt,
                    declaredModifiedAt, declaredTimeZone, state, reasons, mimeType, kind, media, capturedAt,
                    capturedPrecision, capturedSource, capturedConfidence, capturedOffset, puid, report, presentation)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                artefact.id.description, upload.description, artefact.digest.description,
                artefact.fileName.text, artefact.declaredMimeType?.description, addedBy,
                artefact.receivedAt.milliseconds, artefact.declaredTimes?.lastModified?.milliseconds,
                artefact.declaredTimes?.timeZone,
            ] + (try columns(of: artefact.finding)))
        if artefact.finding.state == .inspecting {
            try ask(.inspect, of: artefact.id, priority, at: artefact.receivedAt, database)
        }
        if artefact.derivatives.isPending {
            try ask(.derive, of: artefact.id, priority, at: artefact.receivedAt, database)
        }
    }

    /// Knows of a blob whose file was just written, or seen to be there.
    static func keep(blob digest: Digest, size: Int64, at instant: Date, _ database: Database) throws {
        try database.run(
            sql: """
                INSERT INTO blobs (digest, size, storedAt) VALUES (?, ?, ?)
                ON CONFLICT (digest) DO UPDATE SET damage = NULL
                """,
            arguments: [digest.description, size, instant.milliseconds])
    }

    static func insert(_ refusal: Refusal, _ database: Database) throws {
        try database.run(
            sql: "INSERT OR IGNORE INTO refusals VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                refusal.upload.description, refusal.child.description, refusal.digest.description,
                refusal.size, refusal.fileName.text, refusal.reason, refusal.at.milliseconds,
            ])
    }

    static func insert(_ entry: Entry, _ database: Database) throws {
        try database.run(
            sql: """
                INSERT INTO entries (
                    id, child, artefact, happenedAt, happenedPrecision, happenedSource, happenedConfidence,
                    happenedOffset, statedAt, caption, transcript, altText, language, voice, lenses, contributor,
                    visit, visibility, createdAt, addedAs)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [entry.id.description, entry.child.description, entry.artefact.description]
                + columns(of: entry.happened) + [
                    entry.words.happenedAt?.milliseconds, entry.words.caption, entry.words.transcript,
                    entry.words.altText, entry.words.language?.description, entry.words.voice?.rawValue,
                    try jsonText(ofList: entry.words.lenses), entry.words.contributor, entry.words.visit,
                    entry.words.visibility.rawValue, entry.createdAt.milliseconds, entry.addedAs?.rawValue,
                ])
    }

    private static func columns(of finding: Finding) throws -> StatementArguments {
        [
            finding.state.rawValue, try jsonText(ofList: finding.reasons), finding.mimeType.description,
            finding.kind.rawValue, try jsonText(finding.media),
        ] + columns(of: finding.captured)
            + [finding.puid?.description, finding.report, finding.presentation.rawValue]
    }

    static func columns(of date: CaptureDate) -> StatementArguments {
        [date.at.milliseconds, date.precision.rawValue, date.source.rawValue, date.confidence.rawValue, date.offset]
    }
}
