import Artefacts
import Foundation
import GRDB
import Linking
import SystemPackage
import TestSupport
import Testing

/// What SQLite does by itself when entries change, by whatever way.
@Suite struct SearchIndexTests {
    private let folder: TemporaryDirectory
    private let path: String
    private let amira = ChildID()
    private let ben = ChildID()
    private let artefact = ArtefactID()
    private let instant = Date(timeIntervalSince1970: 1_700_000_000)

    init() async throws {
        folder = try TemporaryDirectory()
        path = folder.path.appending("index.sqlite").string
        let catalogue = try SQLiteCatalogue(path: path)
        for id in [amira, ben] {
            try await catalogue.add(
                Child(
                    id: id, preferredName: "A", externalIDs: [], dateOfBirth: nil, pronouns: nil,
                    accessLevel: .standard, createdAt: instant), journalling: event(.childAdded))
        }
        _ = try await catalogue.link(link, journalling: event(.artefactLinked))
    }

    @Test func `captions of an index that was made before there was a search are found`() async throws {
        try change(
            """
            DROP TABLE search; DROP TABLE searchable; DROP TRIGGER entryWithWordsAdded;
            DROP TRIGGER entryWordsChanged; DROP TRIGGER entryWithWordsRemoved;
            DELETE FROM grdb_migrations WHERE identifier = '0005 search'
            """)
        try beforeWritings("")

        #expect(try await found("café", amira) == 1)
        try expectSound()
    }

    @Test func `what an index from before corrections knew is found, and is the beginning of its history`()
        async throws
    {
        let catalogue = try SQLiteCatalogue(path: path)
        try await catalogue.index(text: "a garden", of: artefact)
        let credential = Credential(
            secret: Digester.digest(of: "secret".utf8), use: .api,
            principal: Principal(name: "worker-1", role: .worker), createdAt: instant, expiresAt: instant)
        try await catalogue.add(credential, journalling: event(.tokenCreated))
        try beforeWritings(
            """
            UPDATE entries SET statedAt = 1650000000123;
            DROP TRIGGER searchableAdded; DROP TRIGGER searchableRemoved; DROP TRIGGER searchableChanged;
            DROP TRIGGER entryWithWordsAdded; DROP TRIGGER entryWordsChanged; DROP TABLE search;
            ALTER TABLE searchable DROP COLUMN transcript; ALTER TABLE searchable DROP COLUMN altText;
            CREATE VIRTUAL TABLE search USING fts5(child, caption, text, content = 'searchable');
            CREATE TRIGGER searchableAdded AFTER INSERT ON searchable BEGIN SELECT 1; END;
            CREATE TRIGGER searchableRemoved AFTER INSERT ON searchable BEGIN SELECT 1; END;
            CREATE TRIGGER searchableChanged AFTER INSERT ON searchable BEGIN SELECT 1; END;
            CREATE TRIGGER entryWithWordsAdded AFTER INSERT ON entries BEGIN SELECT 1; END;
            CREATE TRIGGER entryWordsChanged AFTER INSERT ON entries BEGIN SELECT 1; END;
            """)

        #expect(try await found("cafe garden", amira) == 1)
        let after = try SQLiteCatalogue(path: path)
        let entry = try #require(try await after.artefact(artefact)?.entries.first)
        let writings = try await after.writings(about: entry.id)

        #expect(
            writings == [
                Writing(.caption, "You drew the café.", who: "worker-1", at: instant),
                Writing(.happenedAt, "2022-04-15T05:20:00.123Z", who: "worker-1", at: instant),
            ])
        #expect(writings.map(\.text) == [entry.words[.caption], entry.words[.happenedAt]])
        #expect(entry.addedAs == .worker)
        try expectSound()
    }

    @Test(arguments: ["UPDATE writings SET who = 'nobody'", "DELETE FROM writings"])
    func `the database itself refuses to change what was written, which goes with its entry alone`(
        _ crime: String
    ) async throws {
        #expect(throws: DatabaseError.self) { try change(crime) }
        try change("DELETE FROM entries")

        #expect(
            try await otherProgram(at: path).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM writings") } == 0
        )
    }

    /// Takes away what the migration adds to entries, and has it run again.
    private func beforeWritings(_ sql: String) throws {
        try change(
            sql + """

                DROP TABLE writings;
                ALTER TABLE entries DROP COLUMN transcript; ALTER TABLE entries DROP COLUMN altText;
                ALTER TABLE entries DROP COLUMN language; ALTER TABLE entries DROP COLUMN addedAs;
                DELETE FROM grdb_migrations WHERE identifier = '0007 writings'
                """)
    }

    @Test func `a caption that is corrected is found as it is now`() async throws {
        try await SQLiteCatalogue(path: path).index(text: "a garden", of: artefact)

        try change("UPDATE entries SET caption = 'You drew the zoo.'")

        #expect(try await found("cafe", amira) == 0)
        #expect(try await found("zoo garden", amira) == 1)
        try expectSound()
    }

    @Test func `a caption that is taken away is not found, and what was read still is`() async throws {
        try await SQLiteCatalogue(path: path).index(text: "a garden", of: artefact)

        try change("UPDATE entries SET caption = NULL")

        #expect(try await found("cafe", amira) == 0)
        #expect(try await found("garden", amira) == 1)
        try expectSound()
    }

    @Test func `an artefact that is put on another story is found there too, and gone from where it is taken off`()
        async throws
    {
        try await SQLiteCatalogue(path: path).index(text: "a garden", of: artefact)
        try change(
            """
            CREATE TEMP TABLE other AS SELECT * FROM entries;
            UPDATE other SET id = id || 'b', child = '\(ben)', caption = NULL;
            INSERT INTO entries SELECT * FROM other
            """)
        let (both, captions) = (try await count("garden"), try await count("cafe"))

        try change("DELETE FROM entries WHERE child = '\(amira)'")

        #expect(both == [1, 1])
        #expect(captions == [1, 0])
        #expect(try await count("garden") == [0, 1])
        try expectSound()
    }

    private func count(_ text: String) async throws -> [Int] {
        try await otherProgram(at: path).read { database in
            try [amira, ben].map { child in
                try Int.fetchOne(
                    database, sql: "SELECT count(*) FROM search WHERE search MATCH ?",
                    arguments: ["child : \"\(child.description.filter { $0 != "-" })\" AND {caption text} : \(text)"])
                    ?? -1
            }
        }
    }

    private func found(_ text: String, _ child: ChildID) async throws -> Int {
        try await SQLiteCatalogue(path: path).search(
            SearchQuery(child: child, visibilities: [.everyone], words: try SearchWords(parsing: text))
        ).items.count
    }

    private func change(_ sql: String) throws {
        try otherProgram(at: path).write { try $0.execute(sql: sql) }
    }

    /// FTS5 compares its index with what is searched.
    ///
    /// Source: SQLite, "FTS5: The 'integrity-check' Command".
    private func expectSound() throws {
        try change("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
    }

    private var link: Link {
        let captured = CaptureDate(at: instant, precision: .second, source: .received, confidence: .e, offset: nil)
        return Link(
            upload: UploadID(),
            artefact: Artefact(
                id: artefact, digest: Digester.digest(of: "x".utf8), size: 1, fileName: FileName(declared: "d.png"),
                declaredMimeType: nil, receivedAt: instant,
                finding: Finding(
                    state: .kept, reasons: [], mimeType: "image/png", kind: .drawing, media: Media(),
                    captured: captured)),
            entry: Entry(
                id: EntryID(), child: amira, artefact: artefact, happened: captured,
                words: EntryWords(caption: "You drew the café."), createdAt: instant),
            addedBy: "worker-1")
    }

    private func event(_ act: JournalEvent.Act) -> JournalEvent {
        JournalEvent(at: instant, actor: "worker-1", act: act, subject: "it", child: nil)
    }
}
