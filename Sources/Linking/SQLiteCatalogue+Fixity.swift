package import Artefacts
package import FoundationEssentials
internal import GRDB

/// Whether the blobs still are what was stored.
extension SQLiteCatalogue {
    package func blobs(notVerifiedSince instant: Date, limit: Int) async throws(CatalogueError) -> [StoredBlob] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT digest, size, damage FROM blobs WHERE verifiedAt < ? ORDER BY verifiedAt LIMIT ?",
                arguments: [instant.milliseconds, limit]
            ).map { try $0.storedBlob() }
        }
    }

    package func storedBlobs(after cursor: Digest?, limit: Int) async throws(CatalogueError) -> [StoredBlob] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT digest, size, damage FROM blobs WHERE digest > ? ORDER BY digest LIMIT ?",
                arguments: [cursor?.description ?? "", limit]
            ).map { try $0.storedBlob() }
        }
    }

    package func damagedBlobs(limit: Int) async throws(CatalogueError) -> [StoredBlob] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT digest, size, damage FROM blobs WHERE damage IS NOT NULL ORDER BY digest LIMIT ?",
                arguments: [limit]
            ).map { try $0.storedBlob() }
        }
    }

    package func record(fixity verifications: [Verification]) async throws(CatalogueError) {
        try await write { database in
            for verification in verifications { try Self.record(verification, database) }
        }
    }

    private static func record(_ verification: Verification, _ database: Database) throws {
        let digest = verification.digest.description
        let row = try Row.fetchOne(database, sql: "SELECT damage FROM blobs WHERE digest = ?", arguments: [digest])
        // It may have been collected since it was read.
        guard let row else { return }
        try database.execute(
            sql: "UPDATE blobs SET verifiedAt = ?, damage = ? WHERE digest = ?",
            arguments: [verification.at.milliseconds, verification.damage, digest])
        let known: String? = row["damage"]
        guard (known == nil) != (verification.damage == nil) else { return }
        try JournalWriter.append(
            [
                .byDaemon(verification.damage == nil ? .blobHealed : .blobDamaged, digest, at: verification.at)
            ], database)
        if verification.damage != nil { try deriveAgain(damaged: digest, at: verification.at, database) }
    }

    package func fixity() async throws(CatalogueError) -> FixitySummary {
        try await read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT count(*) AS blobs, coalesce(sum(size), 0) AS bytes, count(damage) AS damaged,
                        coalesce(min(verifiedAt), 0) AS oldest
                    FROM blobs
                    """)
            guard let row else { throw RowError(column: "blobs") }
            let oldest: Int64 = row["oldest"]
            return FixitySummary(
                blobs: row["blobs"], bytes: row["bytes"], damaged: row["damaged"],
                oldestVerification: oldest == 0 ? nil : Date(milliseconds: oldest))
        }
    }

    package func fixityRun(at now: Date, anew: Bool) async throws(CatalogueError) -> FixityRun {
        try await write { database in
            let stopped =
                anew
                ? nil
                : try Int64.fetchOne(database, sql: "SELECT max(startedAt) FROM fixityRuns WHERE finishedAt IS NULL")
            let started = stopped ?? now.milliseconds
            try database.execute(sql: "INSERT OR IGNORE INTO fixityRuns VALUES (?, NULL)", arguments: [started])
            let remaining = try Int64.fetchOne(
                database, sql: "SELECT sum(size) FROM blobs WHERE verifiedAt < ?", arguments: [started])
            return FixityRun(
                startedAt: Date(milliseconds: started), isContinued: stopped != nil, remaining: remaining ?? 0)
        }
    }

    package func finish(_ run: FixityRun, journalling event: JournalEvent) async throws(CatalogueError) {
        try await write { database in
            // A run that was given up for a new one has come to its end with it.
            try database.execute(
                sql: "UPDATE fixityRuns SET finishedAt = ? WHERE startedAt <= ? AND finishedAt IS NULL",
                arguments: [event.at.milliseconds, run.startedAt.milliseconds])
            if database.changesCount > 0 { try JournalWriter.append([event], database) }
        }
    }
}

/// Which blobs anything refers to.
extension SQLiteCatalogue {
    package func referenced(among digests: [Digest]) async throws(CatalogueError) -> Set<Digest> {
        try await read { database in
            Set(try digests.filter { try Self.isReferenced($0, database) })
        }
    }

    private static func isReferenced(_ digest: Digest, _ database: Database) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: "SELECT EXISTS (SELECT * FROM artefacts WHERE digest = :digest) "
                + "OR EXISTS (SELECT * FROM derivatives WHERE digest = :digest) "
                + "OR EXISTS (SELECT * FROM unplaced WHERE digest = :digest)")
        return try Bool.fetchOne(statement, arguments: ["digest": digest.description]) ?? false
    }

    package func forget(
        blob digest: Digest, journalling event: JournalEvent
    ) async throws(CatalogueError) -> Bool {
        try await write { database in
            guard try !Self.isReferenced(digest, database) else { return false }
            try database.execute(sql: "DELETE FROM blobs WHERE digest = ?", arguments: [digest.description])
            try JournalWriter.append([event], database)
            return true
        }
    }
}

extension Row {
    fileprivate func storedBlob() throws -> StoredBlob {
        StoredBlob(
            digest: try parsed("digest") { try? Digest(parsing: $0) }, size: self["size"], damage: self["damage"])
    }
}
