internal import GRDB

/// The tables of the index, as one migration after the other.
///
/// A migration that was released is never edited. Instants are milliseconds
/// since 1970-01-01T00:00:00Z; identifiers and digests are their written forms.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001 the story") { database in
            try database.execute(sql: theStory)
        }
        migrator.registerMigration("0002 fixity") { database in
            try database.execute(sql: fixity)
        }
        migrator.registerMigration("0003 records") { database in
            try database.execute(sql: records)
        }
        migrator.registerMigration("0004 derivatives") { database in
            try database.execute(sql: derivatives)
        }
        migrator.registerMigration("0004 declared times") { database in
            try database.execute(sql: declaredTimes)
        }
        migrator.registerMigration("0005 search") { database in
            try database.execute(sql: search)
        }
        migrator.registerMigration("0006 presentation") { database in
            try database.execute(sql: presentation)
        }
        migrator.registerMigration("0007 writings") { database in
            try database.execute(sql: writings)
            try database.execute(sql: searchOfWritings)
        }
        migrator.registerMigration("0008 stops") { database in
            try database.execute(sql: stops)
        }
        return migrator
    }

    private static let theStory = """
        CREATE TABLE children (
            id TEXT NOT NULL PRIMARY KEY,
            preferredName TEXT NOT NULL CHECK (preferredName <> ''),
            -- The name without case, as Unicode has it, which SQLite does not know.
            foldedName TEXT NOT NULL,
            dateOfBirth TEXT,
            pronouns TEXT,
            accessLevel TEXT NOT NULL CHECK (accessLevel IN ('standard', 'restricted')),
            createdAt INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX childrenByName ON children (foldedName, id);

        CREATE TABLE externalIds (
            system TEXT NOT NULL,
            value TEXT NOT NULL,
            child TEXT NOT NULL REFERENCES children (id),
            position INTEGER NOT NULL,
            PRIMARY KEY (system, value)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX externalIdsByChild ON externalIds (child, position);

        CREATE TABLE blobs (
            digest TEXT NOT NULL PRIMARY KEY CHECK (digest GLOB 'sha256:*' AND length(digest) = 71),
            size INTEGER NOT NULL CHECK (size > 0),
            storedAt INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE artefacts (
            id TEXT NOT NULL PRIMARY KEY,
            upload TEXT NOT NULL UNIQUE,
            digest TEXT NOT NULL REFERENCES blobs (digest),
            fileName TEXT NOT NULL,
            declaredMimeType TEXT,
            addedBy TEXT NOT NULL,
            receivedAt INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('inspecting', 'kept', 'held', 'refused')),
            reasons TEXT NOT NULL CHECK (json_valid(reasons)),
            mimeType TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('drawing', 'photo', 'video', 'audio', 'document', 'message')),
            media TEXT NOT NULL CHECK (json_valid(media)),
            capturedAt INTEGER NOT NULL,
            capturedPrecision TEXT NOT NULL,
            capturedSource TEXT NOT NULL,
            capturedConfidence TEXT NOT NULL,
            capturedOffset INTEGER
        ) STRICT;
        CREATE INDEX artefactsByDigest ON artefacts (digest);
        CREATE INDEX artefactsInspecting ON artefacts (id) WHERE state = 'inspecting';

        CREATE TABLE entries (
            id TEXT NOT NULL PRIMARY KEY,
            child TEXT NOT NULL REFERENCES children (id),
            artefact TEXT NOT NULL REFERENCES artefacts (id),
            happenedAt INTEGER NOT NULL,
            happenedPrecision TEXT NOT NULL,
            happenedSource TEXT NOT NULL,
            happenedConfidence TEXT NOT NULL,
            happenedOffset INTEGER,
            -- What the person said, where they said it; never overwritten by what is found.
            statedAt INTEGER,
            caption TEXT,
            voice TEXT CHECK (voice IN ('direct', 'throughWorker', 'about')),
            lenses TEXT NOT NULL CHECK (json_valid(lenses)),
            contributor TEXT,
            visit TEXT,
            visibility TEXT NOT NULL CHECK (visibility IN ('everyone', 'child', 'workers')),
            createdAt INTEGER NOT NULL,
            UNIQUE (artefact, child)
        ) STRICT;
        CREATE INDEX entriesByTime ON entries (child, happenedAt, id);

        CREATE TABLE refusals (
            upload TEXT NOT NULL PRIMARY KEY,
            child TEXT NOT NULL REFERENCES children (id),
            digest TEXT NOT NULL,
            size INTEGER NOT NULL CHECK (size >= 0),
            fileName TEXT NOT NULL,
            reason TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE credentials (
            -- The digest of the secret; the secret itself is nowhere.
            secret TEXT NOT NULL PRIMARY KEY,
            use TEXT NOT NULL CHECK (use IN ('api', 'signIn', 'session')),
            name TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('worker', 'child', 'system')),
            child TEXT REFERENCES children (id),
            createdAt INTEGER NOT NULL,
            expiresAt INTEGER NOT NULL,
            endedAt INTEGER,
            CHECK ((role = 'child') = (child IS NOT NULL))
        ) STRICT;

        CREATE TABLE journal (
            sequence INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            act TEXT NOT NULL,
            subject TEXT NOT NULL,
            child TEXT,
            previous TEXT NOT NULL,
            digest TEXT NOT NULL
        ) STRICT;
        CREATE INDEX journalByChild ON journal (child, sequence);
        CREATE TRIGGER journalIsNotEdited BEFORE UPDATE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END;
        CREATE TRIGGER journalIsNotCut BEFORE DELETE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END;
        """

    private static let declaredTimes = """
        -- What the sender's device said of the file's time.
        ALTER TABLE artefacts ADD COLUMN declaredModifiedAt INTEGER;
        ALTER TABLE artefacts ADD COLUMN declaredTimeZone TEXT;
        """

    private static let fixity = """
        -- 0: never.
        ALTER TABLE blobs ADD COLUMN verifiedAt INTEGER NOT NULL DEFAULT 0;
        -- Where the damage shows.
        ALTER TABLE blobs ADD COLUMN damage TEXT;
        CREATE INDEX blobsByVerification ON blobs (verifiedAt);
        CREATE INDEX blobsDamaged ON blobs (digest) WHERE damage IS NOT NULL;

        CREATE TABLE fixityRuns (
            startedAt INTEGER NOT NULL PRIMARY KEY,
            finishedAt INTEGER
        ) STRICT;
        """

    private static let records = """
        -- What was changed and is still to be written beside the blobs.
        CREATE TABLE outbox (
            change INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL CHECK (kind IN ('child', 'artefact', 'refusal')),
            id TEXT NOT NULL,
            UNIQUE (kind, id) ON CONFLICT REPLACE
        ) STRICT;
        CREATE TRIGGER childAdded AFTER INSERT ON children
        BEGIN INSERT INTO outbox (kind, id) VALUES ('child', new.id); END;
        CREATE TRIGGER childChanged AFTER UPDATE ON children
        BEGIN INSERT INTO outbox (kind, id) VALUES ('child', new.id); END;
        CREATE TRIGGER externalIdAdded AFTER INSERT ON externalIds
        BEGIN INSERT INTO outbox (kind, id) VALUES ('child', new.child); END;
        CREATE TRIGGER externalIdRemoved AFTER DELETE ON externalIds
        BEGIN INSERT INTO outbox (kind, id) VALUES ('child', old.child); END;
        CREATE TRIGGER artefactAdded AFTER INSERT ON artefacts
        BEGIN INSERT INTO outbox (kind, id) VALUES ('artefact', new.id); END;
        CREATE TRIGGER artefactChanged AFTER UPDATE ON artefacts
        BEGIN INSERT INTO outbox (kind, id) VALUES ('artefact', new.id); END;
        CREATE TRIGGER entryAdded AFTER INSERT ON entries
        BEGIN INSERT INTO outbox (kind, id) VALUES ('artefact', new.artefact); END;
        CREATE TRIGGER entryChanged AFTER UPDATE ON entries
        BEGIN INSERT INTO outbox (kind, id) VALUES ('artefact', new.artefact); END;
        CREATE TRIGGER entryRemoved AFTER DELETE ON entries
        BEGIN INSERT INTO outbox (kind, id) VALUES ('artefact', old.artefact); END;
        CREATE TRIGGER refusalAdded AFTER INSERT ON refusals
        BEGIN INSERT INTO outbox (kind, id) VALUES ('refusal', new.upload); END;
        INSERT INTO outbox (kind, id) SELECT 'child', id FROM children;
        INSERT INTO outbox (kind, id) SELECT 'artefact', id FROM artefacts;
        INSERT INTO outbox (kind, id) SELECT 'refusal', upload FROM refusals;

        -- How far the journal was written beside the blobs; one row.
        CREATE TABLE written (journal INTEGER NOT NULL) STRICT;
        INSERT INTO written VALUES (0);

        -- Blobs that were found when the index was made anew, and that no record told of.
        CREATE TABLE unplaced (
            digest TEXT NOT NULL PRIMARY KEY,
            size INTEGER NOT NULL
        ) STRICT;
        """

    private static let derivatives = """
        ALTER TABLE artefacts ADD COLUMN puid TEXT;
        -- What the inspector reported, as JSON.
        ALTER TABLE artefacts ADD COLUMN report TEXT CHECK (report IS NULL OR json_valid(report));

        CREATE TABLE derivatives (
            artefact TEXT NOT NULL REFERENCES artefacts (id),
            kind TEXT NOT NULL CHECK (kind IN (
                'thumbnail', 'poster', 'waveform', 'waveformPicture', 'preview', 'text', 'withoutLocation')),
            digest TEXT REFERENCES blobs (digest),
            mimeType TEXT,
            -- Why it could not be made, and is not tried again by itself.
            problem TEXT,
            madeAt INTEGER NOT NULL,
            tools TEXT NOT NULL CHECK (json_valid(tools)),
            PRIMARY KEY (artefact, kind),
            CHECK ((digest IS NULL) = (mimeType IS NULL)),
            CHECK ((digest IS NULL) = (problem IS NOT NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX derivativesByDigest ON derivatives (digest) WHERE digest IS NOT NULL;
        CREATE TRIGGER derivativeAdded AFTER INSERT ON derivatives
        BEGIN INSERT INTO outbox (kind, id) VALUES ('artefact', new.artefact); END;

        -- What is still to be done with artefacts. A job that is asked for anew
        -- is another one, so that one which runs does not end it.
        CREATE TABLE jobs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            artefact TEXT NOT NULL REFERENCES artefacts (id),
            task TEXT NOT NULL CHECK (task IN ('inspect', 'derive', 'convert')),
            -- 0: somebody waits; 1: nobody does.
            priority INTEGER NOT NULL,
            createdAt INTEGER NOT NULL,
            -- How often it was begun.
            attempts INTEGER NOT NULL DEFAULT 0,
            -- Not before.
            runAfter INTEGER NOT NULL,
            startedAt INTEGER,
            -- When it was given up.
            failedAt INTEGER,
            -- What went wrong the last time.
            problem TEXT,
            UNIQUE (artefact, task) ON CONFLICT REPLACE,
            CHECK (startedAt IS NULL OR failedAt IS NULL)
        ) STRICT;
        CREATE INDEX jobsWaiting ON jobs (task, priority, runAfter, id) WHERE startedAt IS NULL AND failedAt IS NULL;
        CREATE TRIGGER jobAdded AFTER INSERT ON jobs WHEN new.task <> 'inspect'
        BEGIN INSERT INTO outbox (kind, id) VALUES ('artefact', new.artefact); END;
        CREATE TRIGGER jobFailed AFTER UPDATE OF failedAt ON jobs WHEN new.task <> 'inspect'
        BEGIN INSERT INTO outbox (kind, id) VALUES ('artefact', new.artefact); END;
        CREATE TRIGGER jobEnded AFTER DELETE ON jobs WHEN old.task <> 'inspect'
        BEGIN INSERT INTO outbox (kind, id) VALUES ('artefact', old.artefact); END;
        INSERT INTO jobs (artefact, task, priority, createdAt, runAfter)
        SELECT id, 'inspect', 0, receivedAt, receivedAt FROM artefacts WHERE state = 'inspecting' ORDER BY id;
        INSERT INTO jobs (artefact, task, priority, createdAt, runAfter)
        SELECT id, 'derive', 1, receivedAt, receivedAt FROM artefacts WHERE state = 'kept' ORDER BY id;
        """

    private static let stops = """
        -- How often the daemon stopped while the job ran; counted in attempts too.
        ALTER TABLE jobs ADD COLUMN stops INTEGER NOT NULL DEFAULT 0;
        """

    private static let search = """
        -- What is searched of each entry that has words. The number is what FTS5 knows the row by.
        CREATE TABLE searchable (
            number INTEGER PRIMARY KEY,
            entry TEXT NOT NULL UNIQUE,
            artefact TEXT NOT NULL,
            -- Its id without hyphens: one word, so that a search is one of this child's words alone.
            child TEXT NOT NULL,
            caption TEXT NOT NULL,
            -- What was read in the artefact; the same on every story that it is on.
            text TEXT NOT NULL
        ) STRICT;
        CREATE INDEX searchableByArtefact ON searchable (artefact);
        CREATE VIRTUAL TABLE search USING fts5(
            child, caption, text, content = 'searchable', content_rowid = 'number',
            tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
        CREATE TRIGGER searchableAdded AFTER INSERT ON searchable BEGIN
            INSERT INTO search (rowid, child, caption, text) VALUES (new.number, new.child, new.caption, new.text);
        END;
        CREATE TRIGGER searchableRemoved AFTER DELETE ON searchable BEGIN
            INSERT INTO search (search, rowid, child, caption, text)
            VALUES ('delete', old.number, old.child, old.caption, old.text);
        END;
        CREATE TRIGGER searchableChanged AFTER UPDATE ON searchable BEGIN
            INSERT INTO search (search, rowid, child, caption, text)
            VALUES ('delete', old.number, old.child, old.caption, old.text);
            INSERT INTO search (rowid, child, caption, text) VALUES (new.number, new.child, new.caption, new.text);
        END;

        CREATE TRIGGER entryWithWordsAdded AFTER INSERT ON entries
        WHEN new.caption IS NOT NULL
            OR EXISTS (SELECT * FROM searchable WHERE artefact = new.artefact AND text <> '')
        BEGIN
            INSERT INTO searchable (entry, artefact, child, caption, text)
            VALUES (
                new.id, new.artefact, replace(new.child, '-', ''), coalesce(new.caption, ''),
                coalesce((SELECT text FROM searchable WHERE artefact = new.artefact LIMIT 1), ''));
        END;
        CREATE TRIGGER entryWordsChanged AFTER UPDATE OF caption ON entries WHEN new.caption IS NOT old.caption BEGIN
            INSERT INTO searchable (entry, artefact, child, caption, text)
            VALUES (new.id, new.artefact, replace(new.child, '-', ''), coalesce(new.caption, ''), '')
            ON CONFLICT (entry) DO UPDATE SET caption = excluded.caption;
        END;
        CREATE TRIGGER entryWithWordsRemoved AFTER DELETE ON entries
        BEGIN DELETE FROM searchable WHERE entry = old.id; END;
        INSERT INTO searchable (entry, artefact, child, caption, text)
        SELECT id, artefact, replace(child, '-', ''), caption, '' FROM entries WHERE caption IS NOT NULL;
        """

    private static let presentation = """
        -- Whether a browser may show the original, as the policy had it.
        ALTER TABLE artefacts ADD COLUMN presentation TEXT NOT NULL DEFAULT 'asUsual'
            CHECK (presentation IN ('asUsual', 'download'));
        """

    private static let writings = """
        ALTER TABLE entries ADD COLUMN transcript TEXT;
        ALTER TABLE entries ADD COLUMN altText TEXT;
        -- A tag of BCP 47.
        ALTER TABLE entries ADD COLUMN language TEXT;
        -- As what the person added it who did; not known of those who are gone.
        ALTER TABLE entries ADD COLUMN addedAs TEXT CHECK (addedAs IN ('worker', 'child', 'system'));
        UPDATE entries SET addedAs = known.role
        FROM artefacts JOIN (
            SELECT name, min(role) AS role FROM credentials GROUP BY name HAVING count(DISTINCT role) = 1
        ) AS known ON known.name = addedBy
        WHERE artefacts.id = artefact;

        -- All that was ever written about an entry, oldest first. Of each field, the entry has the last.
        CREATE TABLE writings (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            entry TEXT NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
            field TEXT NOT NULL CHECK (field IN ('caption', 'transcript', 'altText', 'language', 'happenedAt')),
            -- NULL: it was taken away. Of happenedAt, as RFC 3339 has it.
            text TEXT,
            who TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX writingsByEntry ON writings (entry, number);
        CREATE TRIGGER writingIsNotEdited BEFORE UPDATE ON writings
        BEGIN SELECT RAISE(ABORT, 'what was written is only added to'); END;
        CREATE TRIGGER writingIsNotCut BEFORE DELETE ON writings
        WHEN EXISTS (SELECT * FROM entries WHERE id = old.entry)
        BEGIN SELECT RAISE(ABORT, 'what was written goes with its entry alone'); END;
        INSERT INTO writings (entry, field, text, who, at)
        SELECT entries.id, 'caption', caption, addedBy, createdAt
        FROM entries JOIN artefacts ON artefacts.id = artefact WHERE caption IS NOT NULL ORDER BY entries.id;
        INSERT INTO writings (entry, field, text, who, at)
        SELECT
            entries.id, 'happenedAt',
            strftime('%Y-%m-%dT%H:%M:', statedAt / 1000, 'unixepoch')
                || CASE statedAt % 1000
                    WHEN 0 THEN strftime('%SZ', statedAt / 1000, 'unixepoch')
                    ELSE strftime('%fZ', statedAt / 1000.0, 'unixepoch')
                END,
            addedBy, createdAt
        FROM entries JOIN artefacts ON artefacts.id = artefact WHERE statedAt IS NOT NULL ORDER BY entries.id;
        """

    /// The words of people beside those of files, in columns of their own.
    private static let searchOfWritings = """
        DROP TRIGGER searchableAdded;
        DROP TRIGGER searchableRemoved;
        DROP TRIGGER searchableChanged;
        DROP TRIGGER entryWithWordsAdded;
        DROP TRIGGER entryWordsChanged;
        DROP TABLE search;
        ALTER TABLE searchable ADD COLUMN transcript TEXT NOT NULL DEFAULT '';
        ALTER TABLE searchable ADD COLUMN altText TEXT NOT NULL DEFAULT '';
        CREATE VIRTUAL TABLE search USING fts5(
            child, caption, text, transcript, altText, content = 'searchable', content_rowid = 'number',
            tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
        INSERT INTO search (search) VALUES ('rebuild');
        CREATE TRIGGER searchableAdded AFTER INSERT ON searchable BEGIN
            INSERT INTO search (rowid, child, caption, text, transcript, altText)
            VALUES (new.number, new.child, new.caption, new.text, new.transcript, new.altText);
        END;
        CREATE TRIGGER searchableRemoved AFTER DELETE ON searchable BEGIN
            INSERT INTO search (search, rowid, child, caption, text, transcript, altText)
            VALUES ('delete', old.number, old.child, old.caption, old.text, old.transcript, old.altText);
        END;
        CREATE TRIGGER searchableChanged AFTER UPDATE ON searchable BEGIN
            INSERT INTO search (search, rowid, child, caption, text, transcript, altText)
            VALUES ('delete', old.number, old.child, old.caption, old.text, old.transcript, old.altText);
            INSERT INTO search (rowid, child, caption, text, transcript, altText)
            VALUES (new.number, new.child, new.caption, new.text, new.transcript, new.altText);
        END;

        CREATE TRIGGER entryWithWordsAdded AFTER INSERT ON entries
        WHEN coalesce(new.caption, new.transcript, new.altText) IS NOT NULL
            OR EXISTS (SELECT * FROM searchable WHERE artefact = new.artefact AND text <> '')
        BEGIN
            INSERT INTO searchable (entry, artefact, child, caption, text, transcript, altText)
            VALUES (
                new.id, new.artefact, replace(new.child, '-', ''), coalesce(new.caption, ''),
                coalesce((SELECT text FROM searchable WHERE artefact = new.artefact LIMIT 1), ''),
                coalesce(new.transcript, ''), coalesce(new.altText, ''));
        END;
        CREATE TRIGGER entryWordsChanged AFTER UPDATE OF caption, transcript, altText ON entries
        WHEN new.caption IS NOT old.caption OR new.transcript IS NOT old.transcript OR new.altText IS NOT old.altText
        BEGIN
            INSERT INTO searchable (entry, artefact, child, caption, text, transcript, altText)
            VALUES (
                new.id, new.artefact, replace(new.child, '-', ''), coalesce(new.caption, ''), '',
                coalesce(new.transcript, ''), coalesce(new.altText, ''))
            ON CONFLICT (entry) DO UPDATE
            SET caption = excluded.caption, transcript = excluded.transcript, altText = excluded.altText;
        END;
        """
}
