internal import HTTPTypes
internal import Hummingbird

/// Takes `X-HTTP-Method-Override` for the method, on upload URLs.
///
/// For clients that cannot send PATCH or DELETE.
///
/// Source: tus 1.0.0, "X-HTTP-Method-Override".
struct MethodOverride<Inner: HTTPResponder>: HTTPResponder {
    let inner: Inner

    func respond(to request: Request, context: Inner.Context) async throws -> Response {
        guard let name = request.headers[.methodOverride], request.uri.path.hasPrefix("/uploads"),
            let method = HTTPRequest.Method(name)
        else { return try await inner.respond(to: request, context: context) }
        var head = request.head
        head.method = method
        return try await inner.respond(to: Request(head: head, body: request.body), context: context)
    }
}
