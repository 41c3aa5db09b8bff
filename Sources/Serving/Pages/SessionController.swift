internal import Artefacts
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Linking

/// Signing in by a link that can be used once, and signing out.
struct SessionController {
    let catalogue: any Catalogue
    let pages: PageTemplates
    let links: PublicLinks
    let lifetime: Duration

    func addSignIn(to routes: some RouterMethods<RequestScope>) {
        routes.get("/sign-in", use: ask)
        routes.post("/sign-in", use: signIn)
    }

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.post("/sign-out", use: signOut)
    }

    /// Opening the link changes nothing: mail and chat programs open links too.
    private func ask(_ request: Request, _ scope: RequestScope) async throws -> Response {
        .page(pages.render(SignInPage(token: request.queryFields["token"], failed: false)))
    }

    private func signIn(_ request: Request, _ scope: RequestScope) async throws -> Response {
        guard let token = try await request.formFields()["token"], let session = try await session(for: token) else {
            return .page(pages.render(SignInPage(token: nil, failed: true)), status: .forbidden)
        }
        var response = Response.redirect(to: "/")
        response.headers[.setCookie] = SessionCookie.field(session, lifetime: lifetime, secure: links.isSecure)
        return response
    }

    /// The secret of a new session, if the link's token is still good.
    private func session(for token: String) async throws -> String? {
        let secret = Secret.random(bytes: 32)
        let now = Date()
        let link = Authentication.digest(of: token)
        guard let known = try await catalogue.credential(link, use: .signIn, at: now) else { return nil }
        let session = Credential(
            secret: Authentication.digest(of: secret), use: .session, principal: known.principal, createdAt: now,
            expiresAt: now.addingTimeInterval(TimeInterval(lifetime.components.seconds)))
        let event = JournalEvent(
            at: now, actor: known.principal.name, act: .signedIn, subject: known.principal.name,
            child: known.principal.role.child)
        return try await catalogue.exchange(signIn: link, for: session, at: now, journalling: event) == nil
            ? nil : secret
    }

    private func signOut(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        if let session = scope.session {
            try await catalogue.revoke(session, journalling: scope.event(.signedOut, scope.principal.name))
        }
        var response = Response.redirect(to: "/sign-in")
        response.headers[.setCookie] = SessionCookie.field("", lifetime: .zero, secure: links.isSecure)
        return response
    }
}
