internal import Artefacts
internal import FoundationEssentials
internal import Inspecting
internal import Linking
internal import Logging
internal import ServiceLifecycle
internal import Storing

/// Does what is still to be done with artefacts that are safe already: to
/// inspect those that took longer than their clients could wait, and to make
/// derivatives of all.
///
/// The index holds the jobs, so that a crash loses none; whoever makes one
/// necessary asks for it in the same transaction. A job that goes wrong is
/// tried again later, and given up after some attempts, as is one during which
/// the daemon stops again and again; the artefact is safe in any case.
package struct JobQueue: Service {
    private let inspection: LateInspection
    private let derivation: Derivation
    private let catalogue: any Catalogue
    private let settings: JobSettings
    private let rush: Rush
    private let logger: Logger
    private let bell = Bell()

    /// Commands beside the daemon ask for jobs too, and ring no bell.
    private static let look: Duration = .seconds(1)
    /// Seconds that a job may have to wait for while many files come in: they
    /// are safe and linked, and those who send more are waiting.
    private static let patience: Double = 10

    init(
        _ inspection: LateInspection, _ derivation: Derivation, catalogue: any Catalogue, settings: JobSettings,
        rush: Rush, logger: Logger
    ) {
        self.inspection = inspection
        self.derivation = derivation
        self.catalogue = catalogue
        self.settings = settings
        self.rush = rush
        self.logger = logger
    }

    /// Says that there is something to do.
    func wake() {
        if !rush.isOn() { bell.ring() }
    }

    /// Runs until the daemon stops; what runs then is put back.
    package func run() async throws {
        let (retries, now) = (settings.retries, Date())
        let resumed = try await catalogue.resumeJobs { stops in
            now + retries.delay(afterStops: stops, chance: .random(in: 0...1))
        }
        if resumed > 0 { logger.notice("jobs that were interrupted go on", metadata: ["count": "\(resumed)"]) }
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                for task in JobTask.allCases {
                    for _ in 0..<settings.concurrency(task) { group.addTask { await work(task) } }
                }
                while (try? await Task.sleep(for: Self.look)) != nil { bell.ring() }
            }
        }
    }

    private func work(_ task: JobTask) async {
        for await _ in bell.rings() {
            while !Task.isCancelled, await doNext(task) {}
        }
    }

    /// Does the next job, if there is one.
    private func doNext(_ task: JobTask) async -> Bool {
        do {
            let now = Date()
            let due = rush.isOn() ? now.addingTimeInterval(-Self.patience) : now
            guard let job = try await catalogue.takeJob(task, at: now, dueSince: due) else { return false }
            let ending = try await ending(of: job)
            try await catalogue.end(job, ending)
            if case .released(let until, .some) = ending, until <= Date() {
                // The next would fare no better now.
                try? await Task.sleep(for: settings.retries.pause)
            }
            // One thing leads to another.
            bell.ring()
            return true
        } catch {
            // A read that was cancelled says nothing of the index.
            if !Task.isCancelled { logger.error("a job could not be taken, or brought to its end: \(error)") }
            return false
        }
    }

    private func ending(of job: Job) async throws -> JobEnding {
        guard job.stops < settings.retries.stops else {
            return try await giveUp(job, "Keepsake stopped \(job.stops) times while this was done")
        }
        let began = ContinuousClock.now
        do {
            let ending = try await perform(job)
            guard !Task.isCancelled else { return .released(until: Date(), problem: nil) }
            JobMeters.ended(job.task, "done", after: began.duration(to: .now))
            return ending
        } catch is NotScanned {
            // Its log and its meters are the scanner's.
            let wait = settings.retries.wait(since: job.createdAt, at: Date())
            return .released(until: Date() + wait, problem: "it could not be scanned")
        } catch {
            guard !Task.isCancelled else { return .released(until: Date(), problem: nil) }
            JobMeters.ended(job.task, "failed", after: began.duration(to: .now))
            return try await ending(of: job, after: error)
        }
    }

    private func perform(_ job: Job) async throws -> JobEnding {
        switch job.task {
        case .inspect:
            try await inspection.run(job)
            return .done()
        case .derive, .convert: return try await derivation.run(job)
        }
    }

    private func ending(of job: Job, after error: any Error) async throws -> JobEnding {
        let problem = JobProblem(error)
        logger.warning(
            "a job went wrong: \(problem.text)",
            metadata: ["task": "\(job.task)", "artefact": "\(job.artefact)", "attempts": "\(job.attempts)"])
        let retries = settings.retries
        if problem.isPassing { return .released(until: Date(), problem: problem.text) }
        guard let delay = retries.delay(after: job.attempts - job.stops, chance: .random(in: 0...1)) else {
            return try await giveUp(job, problem.text)
        }
        return .postponed(until: Date() + delay, problem: problem.text)
    }

    private func giveUp(_ job: Job, _ problem: String) async throws -> JobEnding {
        logger.error(
            "a job was given up: \(problem)", metadata: ["task": "\(job.task)", "artefact": "\(job.artefact)"])
        switch job.task {
        case .inspect: try await inspection.giveUp(job)
        case .derive, .convert: try await derivation.giveUp(job, problem)
        }
        return .failed(at: Date(), problem: problem)
    }
}

/// What an operator decides about jobs.
package struct JobSettings: Sendable {
    /// Files that are inspected at once after they were linked.
    package var inspections = 2
    /// Files that derivatives are made of at once, and, beside them, recordings that are converted.
    package var derivations = 1
    package var retries = RetryRule()

    package init() {}

    func concurrency(_ task: JobTask) -> Int {
        switch task {
        case .inspect: inspections
        case .derive, .convert: derivations
        }
    }
}

extension Date {
    fileprivate static func + (date: Date, delay: Duration) -> Date {
        date.addingTimeInterval(delay / .seconds(1))
    }
}
