internal import Artefacts
internal import CoreMetrics
internal import Linking

/// What is counted of jobs, for whoever watches over the daemon.
enum JobMeters {
    static func ended(_ task: JobTask, _ outcome: String, after spent: Duration) {
        let spent = spent.components
        Timer(label: "keepsake_job_seconds", dimensions: [("task", task.rawValue), ("outcome", outcome)])
            .recordNanoseconds(spent.seconds * 1_000_000_000 + spent.attoseconds / 1_000_000_000)
    }

    static func derived(_ outcome: DerivativeOutcome) {
        let result =
            switch outcome.result {
            case .made: "made"
            case .failed: "failed"
            }
        Counter(
            label: "keepsake_derivatives_total", dimensions: [("kind", outcome.kind.rawValue), ("outcome", result)]
        ).increment()
    }
}
