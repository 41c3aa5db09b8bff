internal import HTTPTypes
internal import Hummingbird

/// Lets pages of other, configured origins speak to the API and the uploads.
///
/// They speak for themselves, with a bearer token: no cookie of ours goes
/// along, since none is ever allowed to.
///
/// Source: WHATWG Fetch, "CORS protocol".
struct CrossOrigin: Sendable {
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

    /// Whether a browser asks for nothing but whether a page of such an origin may ask.
    func isPreflight(_ request: Request) -> Bool {
        origin(of: request) != nil && Self.isPreflight(request)
    }

    /// Lets the page that sent the request read its answer, if it may.
    func open(_ response: inout Response, to request: Request) {
        guard let origin = origin(of: request) else { return }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.vary] = "Origin"
        response.headers[.crossOriginResourcePolicy] = "cross-origin"
        if Self.isPreflight(request) {
            response.headers[.accessControlAllowMethods] = Self.methods
            response.headers[.accessControlAllowHeaders] = Self.requestFields
            response.headers[.accessControlMaxAge] = "86400"
        } else {
            response.headers[.accessControlExposeHeaders] = Self.answerFields
        }
    }

    private static func isPreflight(_ request: Request) -> Bool {
        request.method == .options && request.headers[.accessControlRequestMethod] != nil
    }

    /// The one that the request comes from, if it is one of ours and the address is open to it.
    private func origin(of request: Request) -> String? {
        request.headers[.origin].flatMap { origins.contains($0) && Self.isOpen(request.uri.path) ? $0 : nil }
    }

    /// The API and the uploads; pages are for our own origin.
    private static func isOpen(_ path: String) -> Bool {
        path.hasPrefix("/v1/") || path == "/uploads" || path.hasPrefix("/uploads/")
    }
}
