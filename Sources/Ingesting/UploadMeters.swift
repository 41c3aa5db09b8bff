internal import CoreMetrics
internal import Linking
internal import Receiving

/// What is counted of uploads, for whoever watches over the daemon.
enum UploadMeters {
    enum Ending: String {
        case linked, refused, cancelled, expired, digestMismatch
    }

    static func began(_ declaration: UploadDeclaration) {
        Counter(label: "keepsake_uploads_begun_total", dimensions: [dialect(declaration.dialect)]).increment()
    }

    static func ended(_ dialect: UploadDialect, _ ending: Ending) {
        Counter(
            label: "keepsake_uploads_ended_total", dimensions: [Self.dialect(dialect), ("outcome", ending.rawValue)]
        ).increment()
    }

    static func received(_ bytes: Int64, _ dialect: UploadDialect) {
        guard bytes > 0 else { return }
        Counter(label: "keepsake_upload_bytes_total", dimensions: [Self.dialect(dialect)]).increment(by: bytes)
    }

    static func resumed(_ dialect: UploadDialect) {
        Counter(label: "keepsake_uploads_resumed_total", dimensions: [Self.dialect(dialect)]).increment()
    }

    static func preempted() { Counter(label: "keepsake_uploads_preempted_total").increment() }

    /// Runs a stage of the pipeline, and keeps how long it took.
    static func timing<Value>(_ stage: String, _ work: () async throws -> Value) async rethrows -> Value {
        let start = ContinuousClock.now
        defer { spent(start.duration(to: .now), on: stage) }
        return try await work()
    }

    /// Keeps how long a stage of the pipeline took.
    static func spent(_ time: Duration, on stage: String) {
        let parts = time.components
        Timer(label: "keepsake_stage_seconds", dimensions: [("stage", stage)])
            .recordNanoseconds(parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
    }

    static func scanned(_ result: String) {
        Counter(label: "keepsake_scans_total", dimensions: [("result", result)]).increment()
    }

    private static func dialect(_ dialect: UploadDialect) -> (String, String) {
        switch dialect {
        case .tus: ("dialect", "tus")
        case .http(interop: _): ("dialect", "http")
        case .whole: ("dialect", "whole")
        }
    }
}
