internal import Hummingbird
internal import Linking
internal import Logging
internal import Receiving

/// Whether the daemon lives, and whether it can work.
struct HealthController {
    let catalogue: any Catalogue
    let uploads: any UploadStore

    func add(to routes: some RouterMethods<RequestScope>) {
        routes.get("/healthz") { _, _ in try Response.json(Health(status: "ok")) }
        routes.get("/readyz", use: ready)
    }

    private func ready(_ request: Request, _ scope: RequestScope) async throws -> Response {
        do {
            _ = try await catalogue.jobs(limit: 1)
            _ = try await uploads.freeBytes()
            return try .json(Health(status: "ready"))
        } catch {
            scope.logger.error("not ready: \(error)")
            return try .json(Health(status: "not ready"), status: .serviceUnavailable)
        }
    }

    private struct Health: Encodable {
        let status: String
    }
}
