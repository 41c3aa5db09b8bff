internal import HTTPTypes
internal import Hummingbird

/// Lets pages of other, configured origins speak to the API and the uploads.
///
/// They speak for themselves, with a bearer token: no cookie of ours goes
/// along, since none is ever allowed to.
///
/// Source: WHATWG Fetch, "CORS protocol".
struct CrossOrigin: RouterMiddleware {
    /// Such as `https://case.example`, without a slash at the end.
    let origins: Set<String>

    private static let methods = "GET, HEAD, POST, PATCH, DELETE, OPTIONS"
    private static let requestFields =
        "Authorization, Accept, Content-Type, Content-Disposition, Content-Digest, Repr-Digest, Want-Repr-Digest, "
        + "If-Match, If-None-Match, If-Range, Range, Idempotency-Key, X-Request-ID, X-Requested-With, "
        + "X-HTTP-Method-Override, Tus-Resumable, Upload-Length, Upload-Offset, Upload-Metadata, Upload-Defer-Length, "
        + "Upload-Concat, Upload-Checksum, Upload-Complete, Upload-Draft-Interop-Version"
    private static let answerFields =
        "Location, ETag, Link, Retry-After, Content-Disposition, Content-Range, Accept-Ranges, Repr-Digest, "
        + "Upload-Offset, Upload-Length, Tus-Version, Tus-Resumable, Tus-Max-Size, Tus-Extension, "
        + "Tus-Checksum-Algorithm, Upload-Metadata, Upload-Defer-Length, Upload-Concat, Upload-Expires, "
        + "Upload-Complete, Upload-Limit, Upload-Draft-Interop-Version"

    func handle(
        _ request: Request, context: RequestScope,
        next: (Request, RequestScope) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin], origins.contains(origin), Self.isOpen(request.uri.path) else {
            return try await next(request, context)
        }
        let isPreflight = request.method == .options && request.headers[.accessControlRequestMethod] != nil
        var response = isPreflight ? Response(status: .ok) : try await next(request, context)
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.vary] = "Origin"
        response.headers[.crossOriginResourcePolicy] = "cross-origin"
        if isPreflight {
            response.headers[.accessControlAllowMethods] = Self.methods
            response.headers[.accessControlAllowHeaders] = Self.requestFields
            response.headers[.accessControlMaxAge] = "86400"
        } else {
            response.headers[.accessControlExposeHeaders] = Self.answerFields
        }
        return response
    }

    /// The API and the uploads; pages are for our own origin.
    private static func isOpen(_ path: String) -> Bool {
        path.hasPrefix("/v1/") || path == "/uploads" || path.hasPrefix("/uploads/")
    }
}
