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
        try await DatabaseQueue(path: path).write { database in
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
            try await DatabaseQueue(path: path).write { try $0.execute(sql: crime) }
        }
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
        try DatabaseQueue(path: path).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999 from the future')")
        }

        #expect(throws: CatalogueError.self) { try SQLiteCatalogue(path: path) }
    }

    @Test(arguments: ["DESC", "ASC"])
    func `a timeline is read along its index, without a sort`(_ direction: String) throws {
        _ = try SQLiteCatalogue(path: path)

        let plan = try DatabaseQueue(path: path).read { database in
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
