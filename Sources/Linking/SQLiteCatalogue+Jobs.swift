package import Artefacts
package import FoundationEssentials
internal import GRDB

/// What is still to be done with artefacts.
extension SQLiteCatalogue {
    package func takeJob(
        _ task: JobTask, at now: Date, dueSince due: Date
    ) async throws(CatalogueError) -> Job? {
        // Most of the time there is none, which costs no write.
        guard try await read({ try Self.isDue(task, due, $0) }) else { return nil }
        return try await write { database in
            try database.row(
                """
                UPDATE jobs SET startedAt = :now, attempts = attempts + 1
                WHERE id = (
                    SELECT id FROM jobs
                    WHERE task = :task AND startedAt IS NULL AND failedAt IS NULL AND runAfter <= :due
                    ORDER BY priority, runAfter, id LIMIT 1)
                RETURNING *
                """, ["now": now.milliseconds, "due": due.milliseconds, "task": task.rawValue]
            )?.job()
        }
    }

    private static func isDue(_ task: JobTask, _ due: Date, _ database: Database) throws -> Bool {
        try database.row(
            """
            SELECT id FROM jobs
            WHERE task = ? AND startedAt IS NULL AND failedAt IS NULL AND runAfter <= ? LIMIT 1
            """, [task.rawValue, due.milliseconds]) != nil
    }

    package func end(_ job: Job, _ ending: JobEnding) async throws(CatalogueError) {
        try await write { database in
            switch ending {
            case .done(let tools, let next):
                if !tools.isEmpty {
                    try database.run(
                        sql: "UPDATE derivatives SET tools = ? WHERE artefact = ? AND madeAt >= ?",
                        arguments: [try jsonText(tools), job.artefact.description, job.createdAt.milliseconds])
                }
                guard let next else {
                    return try database.run(sql: "DELETE FROM jobs WHERE id = ?", arguments: [job.id])
                }
                try database.run(
                    sql:
                        "UPDATE jobs SET task = ?, startedAt = NULL, attempts = 0, stops = 0, problem = NULL WHERE id = ?",
                    arguments: [next.rawValue, job.id])
            case .released(let until, let problem):
                try database.run(
                    sql: """
                        UPDATE jobs SET startedAt = NULL, attempts = attempts - 1, runAfter = ?, problem = ?
                        WHERE id = ? AND startedAt IS NOT NULL
                        """,
                    arguments: [until.milliseconds, problem, job.id])
            case .postponed(let until, let problem):
                try database.run(
                    sql: "UPDATE jobs SET startedAt = NULL, runAfter = ?, problem = ? WHERE id = ?",
                    arguments: [until.milliseconds, problem, job.id])
            case .failed(let instant, let problem):
                try database.run(
                    sql: "UPDATE jobs SET startedAt = NULL, failedAt = ?, problem = ? WHERE id = ?",
                    arguments: [instant.milliseconds, problem, job.id])
            }
        }
    }

    package func resumeJobs(
        until due: @escaping @Sendable (_ stops: Int) -> Date
    ) async throws(CatalogueError) -> Int {
        try await write { database in
            let stopped = try Row.fetchAll(database, sql: "SELECT id, stops FROM jobs WHERE startedAt IS NOT NULL")
            for job in stopped {
                let (id, stops): (Int64, Int) = (job["id"], job["stops"] + 1)
                try database.run(
                    sql: "UPDATE jobs SET startedAt = NULL, stops = ?, runAfter = ? WHERE id = ?",
                    arguments: [stops, due(stops).milliseconds, id])
            }
            return stopped.count
        }
    }

    package func deriveAgain(_ artefacts: [ArtefactID], at now: Date) async throws(CatalogueError) -> Int {
        try await write { database in
            var count = 0
            for artefact in artefacts {
                try database.run(
                    sql: """
                        INSERT INTO jobs (artefact, task, priority, createdAt, runAfter)
                        SELECT id, 'derive', min(:priority, coalesce(
                            (SELECT priority FROM jobs WHERE artefact = :id AND task = 'derive' AND failedAt IS NULL),
                            :priority)), :now, :now
                        FROM artefacts WHERE id = :id AND state = 'kept'
                        """,
                    arguments: [
                        "id": artefact.description, "priority": JobPriority.background.rawValue,
                        "now": now.milliseconds,
                    ])
                count += database.changesCount
            }
            return count
        }
    }

    package func artefacts(after cursor: ArtefactID?, limit: Int) async throws(CatalogueError) -> [ArtefactID] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT id FROM artefacts WHERE id > ? ORDER BY id LIMIT ?",
                arguments: [cursor?.description ?? "", limit]
            ).map { try $0.parsed("id") { ArtefactID(parsing: $0) } }
        }
    }

    package func retryJobs(of artefact: ArtefactID?, at now: Date) async throws(CatalogueError) -> Int {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE jobs SET failedAt = NULL, attempts = 0, stops = 0, createdAt = :now, runAfter = :now
                    WHERE failedAt IS NOT NULL AND (:artefact IS NULL OR artefact = :artefact)
                    """,
                arguments: ["now": now.milliseconds, "artefact": artefact?.description])
            return database.changesCount
        }
    }

    package func jobs(limit: Int) async throws(CatalogueError) -> [Job] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM jobs
                    ORDER BY failedAt IS NULL, startedAt IS NULL, task DESC, priority, runAfter, id LIMIT ?
                    """,
                arguments: [limit]
            ).map { try $0.job() }
        }
    }

    package func jobCounts() async throws(CatalogueError) -> [JobCounts] {
        try await read { database in
            try JobTask.allCases.map { task in
                let row = try Row.fetchOne(
                    database,
                    sql: """
                        SELECT count(*) AS jobs, count(startedAt) AS running, count(failedAt) AS failed,
                            min(CASE WHEN failedAt IS NULL THEN createdAt END) AS oldest
                        FROM jobs WHERE task = ?
                        """,
                    arguments: [task.rawValue])
                guard let row else { throw RowError(column: "jobs") }
                let (jobs, running, failed): (Int, Int, Int) = (row["jobs"], row["running"], row["failed"])
                return JobCounts(
                    task: task, waiting: jobs - running - failed, running: running, failed: failed,
                    oldest: (row["oldest"] as Int64?).map { Date(milliseconds: $0) })
            }
        }
    }

    /// Asks for a job within a transaction that is open already.
    static func ask(
        _ task: JobTask, of artefact: ArtefactID, _ priority: JobPriority, at now: Date, _ database: Database
    ) throws {
        try database.run(
            sql: "INSERT INTO jobs (artefact, task, priority, createdAt, runAfter) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                artefact.description, task.rawValue, priority.rawValue, now.milliseconds, now.milliseconds,
            ])
    }
}

extension Row {
    fileprivate func job() throws -> Job {
        let (started, failed): (Int64?, Int64?) = (self["startedAt"], self["failedAt"])
        let state: Job.State =
            if let failed {
                .failed(Date(milliseconds: failed))
            } else if let started {
                .running(Date(milliseconds: started))
            } else {
                .waiting(date("runAfter"))
            }
        return Job(
            id: self["id"], artefact: try parsed("artefact") { ArtefactID(parsing: $0) },
            task: try parsed("task", JobTask.init), createdAt: date("createdAt"), attempts: self["attempts"],
            stops: self["stops"], state: state, problem: self["problem"])
    }
}
