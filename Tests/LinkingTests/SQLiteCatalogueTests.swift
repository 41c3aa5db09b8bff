import Artefacts
import Conformance
import Foundation
import GRDB
import Linking
import SystemPackage
import TestSupport
import Testing

@Suite struct SQLiteCatalogueTests {
    private let folder: TemporaryDirectory
    private let path: String

    init() throws {
        folder = try TemporaryDirectory()
        path = folder.path.appending("index.sqlite").string
    }

    @Test(arguments: CatalogueConformance.promises)
    func keeps(_ promise: Promise<CatalogueConformance.Subject>) async throws {
        try await promise.check(try SQLiteCatalogue(path: path))
    }

    @Test func `the writer is as durable as SQLite can be`() async throws {
        let catalogue = try SQLiteCatalogue(path: path)

        let before = try await catalogue.synchronousSetting()
        try await catalogue.record([event("one")])
        let after = try await catalogue.synchronousSetting()

        #expect(before == 2)
        #expect(after == 2)
    }

    @Test func `what was recorded is there when the index is opened again`() async throws {
        try await SQLiteCatalogue(path: path).record([event("one")])
        try await SQLiteCatalogue(path: path).record([event("two")])

        let records = try await SQLiteCatalogue(path: path).journal(after: 0, limit: 10)

        #expect(records.map(\.event.subject) == ["one", "two"])
        #expect(records.map(\.sequence) == [1, 2])
    }

    @Test(arguments: [
        "UPDATE journal SET actor = 'nobody' WHERE sequence = 3",
        "UPDATE journal SET at = at + 1 WHERE sequence = 3",
        "UPDATE journal SET sequence = 30 WHERE sequence = 3",
        "DELETE FROM journal WHERE sequence = 3",
        "UPDATE journal SET digest = (SELECT digest FROM journal WHERE sequence = 4) WHERE sequence = 3",
    ])
    func `a journal that was tampered with is found out`(_ crime: String) async throws {
        let catalogue = try SQLiteCatalogue(path: path)
        try await catalogue.record((1...6).map { event("\($0)") })
        let intact = try await catalogue.firstBrokenJournalRecord()
        try await otherProgram(at: path).write { database in
            try database.execute(sql: "DROP TRIGGER journalIsNotEdited; DROP TRIGGER journalIsNotCut")
            try database.execute(sql: crime)
        }

        let broken = try await catalogue.firstBrokenJournalRecord()

        #expect(intact == nil)
        #expect(broken == 3)
    }

    @Test(arguments: ["UPDATE journal SET actor = 'nobody'", "DELETE FROM journal"])
    func `the database itself refuses to change the journal`(_ crime: String) async throws {
        let catalogue = try SQLiteCatalogue(path: path)
        try await catalogue.record([event("one")])

        await #expect(throws: DatabaseError.self) {
            try await otherProgram(at: path).write { try $0.execute(sql: crime) }
        }
    }

    @Test func `what another process changes is known to the next question`() async throws {
        let (daemon, command) = (try SQLiteCatalogue(path: path), try SQLiteCatalogue(path: path))
        let credential = Credential(
            secret: Digester.digest(of: "secret".utf8), use: .api, principal: Principal(name: "it", role: .worker),
            createdAt: .now, expiresAt: .now + 60)
        let ask = { try await daemon.credential(credential.secret, use: .api, at: .now) }
        try await command.add(credential, journalling: event("it"))
        let before = try await (ask(), ask())

        try await command.revoke(credential.secret, journalling: event("it"))
        let after = try await ask()

        #expect(before.0?.secret == credential.secret)
        #expect(before.1?.secret == credential.secret)
        #expect(after == nil)
    }

    @Test(arguments: ["", "PRAGMA wal_checkpoint(RESTART)", "PRAGMA wal_checkpoint(TRUNCATE)"])
    func `what another program changes is known to the next question, whatever became of the log`(
        _ before: String
    ) async throws {
        let catalogue = try SQLiteCatalogue(path: path)
        let credential = Credential(
            secret: Digester.digest(of: "secret".utf8), use: .api, principal: Principal(name: "it", role: .worker),
            createdAt: .now, expiresAt: .now + 60)
        let isGood = { try await catalogue.credential(credential.secret, use: .api, at: .now) != nil }
        let change = { (endedAt: String) in
            let script = """
                import sqlite3, sys
                index = sqlite3.connect(sys.argv[1], isolation_level=None)
                index.execute(sys.argv[2])
                index.execute("UPDATE credentials SET endedAt = " + sys.argv[3])
                """
            let run = try await Command.run("/usr/bin/env", ["python3", "-c", script, path, before, endedAt])
            try #require(run.status == 0, "\(run.errors)")
        }
        try await catalogue.add(credential, journalling: event("it"))

        var answers: [Bool] = []
        for _ in 0..<3 {
            try await answers += [isGood(), isGood()]
            try await change("1")
            try await answers += [isGood(), isGood()]
            try await change("NULL")
        }

        #expect(answers == (0..<3).flatMap { _ in [true, true, false, false] })
    }

    @Test func `many who ask at once while much is written see what was acknowledged to them`() async throws {
        let catalogue = try SQLiteCatalogue(path: path)
        let now = Date.now

        let stale = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    var stale = 0
                    for index in 0..<50 {
                        let credential = Credential(
                            secret: Digester.digest(of: "\(task)-\(index)".utf8), use: .api,
                            principal: Principal(name: "it", role: .worker), createdAt: now, expiresAt: now + 60)
                        try await catalogue.add(credential, journalling: event("it"))
                        if try await catalogue.credential(credential.secret, use: .api, at: now) == nil { stale += 1 }
                        try await catalogue.revoke(credential.secret, journalling: event("it"))
                        if try await catalogue.credential(credential.secret, use: .api, at: now) != nil { stale += 1 }
                    }
                    return stale
                }
            }
            return try await group.reduce(0, +)
        }

        #expect(stale == 0)
    }

    @Test func `two processes that record at once leave no gap`() async throws {
        let (first, second) = (try SQLiteCatalogue(path: path), try SQLiteCatalogue(path: path))

        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<100 {
                group.addTask { try await (index.isMultiple(of: 2) ? first : second).record([event("\(index)")]) }
            }
            try await group.waitForAll()
        }
        let broken = try await first.firstBrokenJournalRecord()
        let records = try await second.journal(after: 0, limit: 200)

        #expect(broken == nil)
        #expect(records.count == 100)
    }

    @Test func `an index of a newer version is left alone`() throws {
        _ = try SQLiteCatalogue(path: path)
        try otherProgram(at: path).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999 from the future')")
        }

        #expect(throws: CatalogueError.self) { try SQLiteCatalogue(path: path) }
    }

    @Test func `the next job is found along its index, without a sort`() throws {
        _ = try SQLiteCatalogue(path: path)

        let plan = try otherProgram(at: path).read { database in
            try Row.fetchAll(
                database,
                sql: """
                    EXPLAIN QUERY PLAN SELECT id FROM jobs
                    WHERE task = 'derive' AND startedAt IS NULL AND failedAt IS NULL AND runAfter <= 1
                    ORDER BY priority, runAfter, id LIMIT 1
                    """
            ).map { $0["detail"] as String }
        }

        #expect(plan.contains { $0.contains("jobsWaiting") })
        #expect(!plan.contains { $0.contains("TEMP B-TREE") || $0.hasPrefix("SCAN") })
    }

    @Test func `an index of the version before gets the jobs that it had no table for`() async throws {
        let links = try await linkedBefore()

        let jobs = try await SQLiteCatalogue(path: path).jobs(limit: 10)
        let changed = try await SQLiteCatalogue(path: path).changedRecords(limit: 10)

        #expect(jobs.map(\.task) == [.inspect, .derive])
        #expect(jobs.map { "\($0.artefact)" } == links)
        #expect(changed.map(\.id).contains(links[1]))
    }

    /// An index as the migrations before jobs left it, with an artefact to be inspected and one that is kept.
    private func linkedBefore() async throws -> [String] {
        let ids = ["01a20cdc-ce42-73e0-8d3c-a3ffcaa22600", "01a20cdc-ce42-73e0-8d3c-a3ffcaa22601"]
        _ = try SQLiteCatalogue(path: path)
        try await otherProgram(at: path).write { database in
            for (id, state) in zip(ids, ["inspecting", "kept"]) {
                let digest = "sha256:" + String(repeating: String(id.suffix(1)), count: 64)
                try database.execute(sql: "INSERT INTO blobs (digest, size, storedAt) VALUES ('\(digest)', 1, 1)")
                try database.execute(
                    sql: """
                        INSERT INTO artefacts (
                            id, upload, digest, fileName, addedBy, receivedAt, state, reasons, mimeType, kind, media,
                            capturedAt, capturedPrecision, capturedSource, capturedConfidence)
                        VALUES (
                            '\(id)', '\(id)', '\(digest)', 'a', 'w', 1, '\(state)', '[]', 'image/png', 'photo',
                            '{"codecs":[],"hasLocation":false}', 1, 'second', 'received', 'E')
                        """)
            }
            try database.execute(
                sql: """
                    DROP TABLE jobs; DROP TABLE derivatives; DELETE FROM outbox;
                    ALTER TABLE artefacts DROP COLUMN puid;
                    ALTER TABLE artefacts DROP COLUMN report;
                    DELETE FROM grdb_migrations WHERE identifier IN ('0004 derivatives', '0008 stops');
                    """)
        }
        return ids
    }

    @Test(arguments: ["DESC", "ASC"])
    func `a timeline is read along its index, without a sort`(_ direction: String) throws {
        _ = try SQLiteCatalogue(path: path)

        let plan = try otherProgram(at: path).read { database in
            try Row.fetchAll(
                database,
                sql: """
                    EXPLAIN QUERY PLAN SELECT * FROM entries JOIN artefacts ON artefacts.id = entries.artefact
                    WHERE child = 'x' AND (happenedAt, entries.id) > (1, 'y') AND state <> 'refused'
                    ORDER BY happenedAt \(direction), entries.id \(direction) LIMIT 51
                    """
            ).map { $0["detail"] as String }
        }

        #expect(plan.contains { $0.contains("entriesByTime") })
        #expect(!plan.contains { $0.contains("TEMP B-TREE") || $0.hasPrefix("SCAN") })
    }

    private func event(_ subject: String) -> JournalEvent {
        JournalEvent(
            at: Date(timeIntervalSince1970: 1_700_000_000), actor: "worker-1", act: .contentRead, subject: subject,
            child: nil)
    }
}
