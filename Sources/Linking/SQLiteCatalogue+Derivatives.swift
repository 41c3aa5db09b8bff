package import Artefacts
internal import FoundationEssentials
internal import GRDB

/// What was made of artefacts.
extension SQLiteCatalogue {
    package func keep(
        _ outcome: DerivativeOutcome, of artefact: ArtefactID, journalling event: JournalEvent
    ) async throws(CatalogueError) {
        try await write { database in
            try Self.insert(outcome, of: artefact, database)
            if database.changesCount > 0 { try JournalWriter.append([event], database) }
        }
    }

    package func outcomes(of artefact: ArtefactID) async throws(CatalogueError) -> [DerivativeOutcome] {
        try await read { try Self.outcomes(of: artefact.description, $0) }
    }

    static func outcomes(of artefact: String, _ database: Database) throws -> [DerivativeOutcome] {
        try database.rows(
            """
            SELECT kind, digest, mimeType, size, problem, madeAt, tools
            FROM derivatives LEFT JOIN blobs USING (digest) WHERE artefact = ? ORDER BY kind
            """, [artefact]
        ).map { DerivativeOutcome(try $0.result(), at: $0.date("madeAt"), tools: try $0.json("tools")) }
    }

    /// What was made of it and is whole, and what is still to be made.
    static func derivatives(of artefact: String, _ database: Database) throws -> Derivatives {
        let results = try database.rows(
            """
            SELECT kind, digest, mimeType, size, problem FROM derivatives LEFT JOIN blobs USING (digest)
            WHERE artefact = ? AND damage IS NULL ORDER BY kind
            """, [artefact]
        ).map { try $0.result() }
        let isPending = try database.row(
            "SELECT id FROM jobs WHERE artefact = ? AND task <> 'inspect' AND failedAt IS NULL LIMIT 1", [artefact])
        return Derivatives(
            made: results.compactMap { if case .made(let derivative) = $0 { derivative } else { nil } },
            failed: results.compactMap { if case .failed(let failure) = $0 { failure } else { nil } },
            isPending: isPending != nil)
    }

    /// Puts an outcome in the place of what there was of its kind. One that
    /// failed leaves one that was made before.
    static func insert(_ outcome: DerivativeOutcome, of artefact: ArtefactID, _ database: Database) throws {
        let (made, problem): (Derivative?, String?) =
            switch outcome.result {
            case .made(let derivative): (derivative, nil)
            case .failed(let failure): (nil, failure.reason)
            }
        if let made { try keep(blob: made.digest, size: made.size, at: outcome.at, database) }
        let key: StatementArguments = [artefact.description, outcome.kind.rawValue]
        // Not as an upsert, whose triggers could not replace what is in the outbox.
        try database.run(
            sql: "DELETE FROM derivatives WHERE artefact = ? AND kind = ? AND (digest IS NULL OR ?)",
            arguments: key + [made != nil])
        try database.run(
            sql: """
                INSERT INTO derivatives (digest, mimeType, problem, madeAt, tools, artefact, kind)
                SELECT ?, ?, ?, ?, ?, ?, ?
                WHERE NOT EXISTS (SELECT * FROM derivatives WHERE artefact = ? AND kind = ?)
                """,
            arguments: [
                made?.digest.description, made?.mimeType.description, problem, outcome.at.milliseconds,
                try jsonText(outcome.tools),
            ] + key + key)
    }

    /// Has what a damaged blob was made of made into it again; an original has to be healed instead.
    static func deriveAgain(damaged digest: String, at now: Date, _ database: Database) throws {
        let artefacts = try database.rows("SELECT DISTINCT artefact FROM derivatives WHERE digest = ?", [digest])
        for row in artefacts {
            let artefact = try row.parsed("artefact") { ArtefactID(parsing: $0) }
            try ask(.derive, of: artefact, .background, at: now, database)
        }
    }
}

extension Row {
    fileprivate func result() throws -> DerivativeOutcome.Result {
        let kind = try parsed("kind", DerivativeKind.init)
        if let problem: String = self["problem"] { return .failed(DerivativeFailure(kind: kind, reason: problem)) }
        return .made(
            Derivative(
                kind: kind, digest: try parsed("digest") { try? Digest(parsing: $0) },
                mimeType: try parsed("mimeType") { MediaType(parsing: $0) }, size: self["size"]))
    }
}
