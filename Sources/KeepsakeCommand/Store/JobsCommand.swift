import ArgumentParser
import Artefacts
import FoundationEssentials
import Linking

/// `keepsake jobs`: what is still to be done with artefacts, and what went wrong.
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "Shows what is still to be inspected or made, and what was given up.",
        subcommands: [List.self, Retry.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows what is still to be inspected or made, and what was given up.",
            discussion: """
                An artefact is safe and in the story before any job of it is done. Works beside a running daemon. \
                The exit code is 1 if any job was given up.
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("Show at most so many.", valueName: "number"))
        var limit = 50

        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            if limit < 0 { throw ValidationError("--limit is not negative.") }
        }

        func run() async throws {
            let catalogue = try StoreBeside(try await Settings(store)).catalogue
            let (counts, jobs) = (try await catalogue.jobCounts(), try await catalogue.jobs(limit: limit))
            if json {
                Output.lines([try Output.json(Document(counts: counts, jobs: jobs))])
            } else {
                Output.lines(jobs.map(Self.line) + counts.map(Self.line))
            }
            if counts.contains(where: { $0.failed > 0 }) { throw ExitCode.failure }
        }

        private static func line(_ job: Job) -> String {
            let answer = JobAnswer(job)
            return "\(answer.state)  \(answer.task)  \(answer.artefact)  begun \(answer.attempts) times"
                + (answer.problem.map { "; \($0)" } ?? "")
        }

        private static func line(_ counts: JobCounts) -> String {
            "\(counts.task): \(counts.waiting) waiting, \(counts.running) running, \(counts.failed) failed."
        }

        private struct Document: Encodable {
            let tasks: [CountsAnswer]
            let jobs: [JobAnswer]

            init(counts: [JobCounts], jobs: [Job]) {
                tasks = counts.map(CountsAnswer.init)
                self.jobs = jobs.map(JobAnswer.init)
            }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Has jobs tried again that were given up.",
            discussion: "Works beside a running daemon, which begins within a second.")

        @OptionGroup var store: StoreOptions

        @Argument(help: "The artefact whose jobs are meant.")
        var artefact: String?

        @Flag(help: "All jobs that were given up.")
        var failed = false

        func validate() throws {
            if (artefact == nil) != failed { throw ValidationError("Name an artefact, or say --failed.") }
        }

        func run() async throws {
            let id = try artefact.map { try ArtefactID(argument: $0) }
            let catalogue = try StoreBeside(try await Settings(store)).catalogue
            let count = try await catalogue.retryJobs(of: id, at: Date())
            Output.lines(["\(count) jobs are tried again."])
            if id != nil && count == 0 { throw ExitCode.failure }
        }
    }
}

/// A job, as programs read it.
private struct JobAnswer: Encodable {
    let artefact: ArtefactID
    let task: String
    /// `waiting`, `running` or `failed`.
    let state: String
    /// Since when it runs or has failed, or until when it waits.
    let at: Date
    let attempts: Int
    let createdAt: Date
    let problem: String?

    init(_ job: Job) {
        artefact = job.artefact
        task = job.task.rawValue
        (state, at) =
            switch job.state {
            case .waiting(let until): ("waiting", until)
            case .running(let since): ("running", since)
            case .failed(let since): ("failed", since)
            }
        attempts = job.attempts
        createdAt = job.createdAt
        problem = job.problem
    }
}

/// How many jobs of a task there are, as programs read it.
private struct CountsAnswer: Encodable {
    let task: String
    let waiting: Int
    let running: Int
    let failed: Int
    let oldest: Date?

    init(_ counts: JobCounts) {
        task = counts.task.rawValue
        waiting = counts.waiting
        running = counts.running
        failed = counts.failed
        oldest = counts.oldest
    }
}

extension ArtefactID {
    /// - Throws: `ValidationError` unless the argument is an artefact's identifier.
    init(argument text: String) throws {
        guard let id = ArtefactID(parsing: text) else {
            throw ValidationError("“\(text)” is not the identifier of an artefact.")
        }
        self = id
    }
}
