internal import Artefacts
internal import FoundationEssentials
internal import Hummingbird
internal import Linking
internal import Receiving

/// `/metrics`: numbers for whoever watches over the daemon.
struct MetricsController {
    let catalogue: any Catalogue
    let uploads: any UploadStore
    let ledger: UploadLedger
    let book: MeterBook

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.get("/metrics", use: show)
    }

    private func show(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try scope.require(.seeMetrics)
        let text = try await store() + jobs() + incoming() + Prometheus.text(book.readings)
        return Response(
            status: .ok, headers: [.contentType: Prometheus.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private func store() async throws -> String {
        let fixity = try await catalogue.fixity()
        return [
            Self.gauge("keepsake_blobs", "Stored files.", Int64(fixity.blobs)),
            Self.gauge("keepsake_blob_bytes", "Bytes of the stored files, before sealing.", fixity.bytes),
            Self.gauge(
                "keepsake_blobs_damaged", "Stored files that are damaged and not served.", Int64(fixity.damaged)),
            Self.gauge(
                "keepsake_oldest_verification_timestamp_seconds",
                "When the file was verified that was verified longest ago; 0: one never was.",
                Int64(fixity.oldestVerification?.timeIntervalSince1970 ?? 0)),
        ].joined()
    }

    private func jobs() async throws -> String {
        let (counts, now) = (try await catalogue.jobCounts(), Date())
        func gauges(_ name: String, _ help: String, _ value: (JobCounts) -> Int) -> String {
            Self.head(name, help) + counts.map { "\(name){task=\"\($0.task)\"} \(value($0))\n" }.joined()
        }
        return [
            gauges("keepsake_jobs_waiting", "Jobs that wait for their turn, or to be tried again.", \.waiting),
            gauges("keepsake_jobs_running", "Jobs that are being done.", \.running),
            gauges("keepsake_jobs_failed", "Jobs that were given up: see “keepsake jobs”.", \.failed),
            gauges("keepsake_jobs_oldest_seconds", "Since when the job waits that was asked for first; 0: none does.") {
                max(0, Int($0.oldest.map { now.timeIntervalSince($0) } ?? 0))
            },
        ].joined()
    }

    private func incoming() async throws -> String {
        let totals = ledger.totals
        return [
            Self.gauge("keepsake_uploads_open", "Unfinished uploads.", Int64(totals.open)),
            Self.gauge("keepsake_uploads_active", "Requests that are sending bytes now.", Int64(totals.receiving)),
            Self.gauge(
                "keepsake_uploads_open_bytes", "Bytes that unfinished uploads have or promised.", totals.bytes),
            Self.gauge(
                "keepsake_free_bytes", "Bytes that are free where uploads lie.", try await uploads.freeBytes()),
        ].joined()
    }

    private static func gauge(_ name: String, _ help: String, _ value: Int64) -> String {
        head(name, help) + "\(name) \(value)\n"
    }

    private static func head(_ name: String, _ help: String) -> String {
        "# HELP \(name) \(help)\n# TYPE \(name) gauge\n"
    }
}
