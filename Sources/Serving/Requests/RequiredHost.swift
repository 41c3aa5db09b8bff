internal import HTTPTypes
internal import Hummingbird

/// Refuses a request that does not say to whom it is sent.
///
/// Source: RFC 9112, section 3.2.
struct RequiredHost: RouterMiddleware {
    func handle(
        _ request: Request, context: RequestScope,
        next: (Request, RequestScope) async throws -> Response
    ) async throws -> Response {
        guard request.head.authority != nil else { throw Problem.badRequest("The field “Host” is missing.") }
        return try await next(request, context)
    }
}
