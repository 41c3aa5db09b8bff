internal import Artefacts
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Linking

/// Finds out who sent a request: by a bearer token, or by a browser's session.
struct Authentication: RouterMiddleware {
    let catalogue: any Catalogue

    func handle(
        _ request: Request, context: RequestScope,
        next: (Request, RequestScope) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let secret = bearer(of: request) {
            context.credential = try await credential(secret, .api)
        } else if let secret = SessionCookie.secret(of: request),
            let credential = try await credential(secret, .session)
        {
            try expectOwnPage(request)
            context.credential = credential
        }
        return try await next(request, context)
    }

    /// The name under which a secret is kept.
    static func digest(of secret: String) -> Digest { Digester.digest(of: secret.utf8) }

    private func credential(_ secret: String, _ use: Credential.Use) async throws -> Credential? {
        try await catalogue.credential(Self.digest(of: secret), use: use, at: Date())
    }

    private func bearer(of request: Request) -> String? {
        guard let field = request.headers[.authorization], field.utf8.count <= 4096 else { return nil }
        let parts = field.utf8.split(separator: UInt8(ascii: " "))
        guard parts.count == 2, Substring(parts[0]).lowercased() == "bearer" else { return nil }
        return String(Substring(parts[1]))
    }

    /// A browser sends its session with whatever any page makes it send; what
    /// changes something must come from a page of ours.
    private func expectOwnPage(_ request: Request) throws(Problem) {
        if request.method == .get || request.method == .head { return }
        if let site = request.headers[.secFetchSite] {
            guard site == "same-origin" else { throw .crossSite }
            return
        }
        guard let origin = request.headers[.origin], let host = request.head.authority,
            origin == "http://\(host)" || origin == "https://\(host)"
        else { throw .crossSite }
    }
}

/// The cookie that holds a browser's session.
enum SessionCookie {
    private static let name = "keepsake_session"

    static func secret(of request: Request) -> String? { request.cookies[name]?.value }

    /// A `Set-Cookie` value; with `lifetime` zero the browser forgets the session.
    static func field(_ secret: String, lifetime: Duration, secure: Bool) -> String {
        "\(name)=\(secret); Path=/; Max-Age=\(lifetime.components.seconds); HttpOnly; SameSite=Strict"
            + (secure ? "; Secure" : "")
    }
}
