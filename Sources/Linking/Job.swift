package import Artefacts
package import FoundationEssentials

/// What is done with artefacts after they were linked.
package enum JobTask: String, Sendable, CaseIterable {
    /// To find out what it is.
    case inspect
    /// To make what people see, hear or find of it, but for what takes long.
    case derive
    /// To make a form of a recording that every browser plays, which takes
    /// long: apart, so that nobody's picture waits behind a film.
    case convert
}

/// Which jobs come first.
package enum JobPriority: Int, Sendable {
    /// Somebody has just added the artefact, and looks at the page.
    case interactive = 0
    /// Nobody waits.
    case background = 1
}

/// Something that is still to be done with an artefact.
package struct Job: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        /// Not before that instant.
        case waiting(Date)
        /// Since that instant.
        case running(Date)
        /// Given up at that instant.
        case failed(Date)
    }

    package let id: Int64
    package let artefact: ArtefactID
    package let task: JobTask
    package let createdAt: Date
    /// How often it was begun, this time included.
    package let attempts: Int
    /// How many of those times the daemon stopped before it was done, whatever stopped it.
    package let stops: Int
    package let state: State
    /// What went wrong the last time, for whoever runs Keepsake.
    package let problem: String?

    package init(
        id: Int64, artefact: ArtefactID, task: JobTask, createdAt: Date, attempts: Int, stops: Int, state: State,
        problem: String?
    ) {
        self.id = id
        self.artefact = artefact
        self.task = task
        self.createdAt = createdAt
        self.attempts = attempts
        self.stops = stops
        self.state = state
        self.problem = problem
    }
}

/// How a job that was taken came to an end.
package enum JobEnding: Hashable, Sendable {
    /// Nothing of it is left to do, or only what the next task does.
    ///
    /// - Parameter tools: name and version of what took part in making derivatives.
    case done(tools: [String: String] = [:], next: JobTask? = nil)
    /// It could not be done now, which is nobody's fault: it waits as if it had not been begun.
    case released(until: Date, problem: String?)
    /// It went wrong, and is tried again.
    case postponed(until: Date, problem: String)
    /// It went wrong too often, and is not tried again by itself.
    case failed(at: Date, problem: String)
}

/// How many jobs of a task there are.
package struct JobCounts: Hashable, Sendable {
    package let task: JobTask
    package let waiting: Int
    package let running: Int
    package let failed: Int
    /// When the job was asked for that waits or runs for longest; `nil` where there is none.
    package let oldest: Date?

    package init(task: JobTask, waiting: Int, running: Int, failed: Int, oldest: Date?) {
        self.task = task
        self.waiting = waiting
        self.running = running
        self.failed = failed
        self.oldest = oldest
    }
}
