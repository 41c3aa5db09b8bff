internal import Artefacts
internal import FoundationEssentials
internal import Hummingbird
internal import Linking

/// `/metrics`: numbers for whoever watches over the daemon.
///
/// Source: the text format of Prometheus, version 0.0.4.
struct MetricsController {
    let catalogue: any Catalogue

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.get("/metrics", use: show)
    }

    private func show(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try scope.require(.seeMetrics)
        let fixity = try await catalogue.fixity()
        let gauges: [(name: String, help: String, value: Int64)] = [
            ("keepsake_blobs", "Stored files.", Int64(fixity.blobs)),
            ("keepsake_blob_bytes", "Bytes of the stored files, before sealing.", fixity.bytes),
            ("keepsake_blobs_damaged", "Stored files that are damaged and not served.", Int64(fixity.damaged)),
            (
                "keepsake_oldest_verification_timestamp_seconds",
                "When the file was verified that was verified longest ago; 0: one never was.",
                Int64(fixity.oldestVerification?.timeIntervalSince1970 ?? 0)
            ),
        ]
        let text = gauges.map { "# HELP \($0.name) \($0.help)\n# TYPE \($0.name) gauge\n\($0.name) \($0.value)\n" }
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text.joined())))
    }
}
