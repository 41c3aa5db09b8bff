internal import Artefacts
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import NIOHTTPTypes

/// What is known of a request before anybody has asked who sent it.
struct RequestScope: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// Who sent it, once authentication has found out.
    var principal: Principal?
    /// The digest of the session's secret, where a browser sent it.
    var session: Digest?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// What is known of a request whose sender is known.
struct SignedInScope: ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    let principal: Principal
    let session: Digest?

    init(context: RequestScope) throws {
        guard let principal = context.principal else { throw Problem.notSignedIn }
        coreContext = context.coreContext
        channel = context.channel
        self.principal = principal
        session = context.session
    }
}

extension SignedInScope {
    /// The identifier in the path, or `nil` where the path holds none.
    func identifier<Subject>(_ name: String, of: Subject.Type) -> Identifier<Subject>? {
        parameters.get(name).flatMap { Identifier(parsing: $0) }
    }

    /// Lets the client send the body it announced with `Expect: 100-continue`,
    /// once it is clear that the body is wanted.
    ///
    /// Source: RFC 9110, section 10.1.1.
    func invite(_ request: Request) async throws {
        guard request.headers[.expect]?.lowercased() == "100-continue" else { return }
        try await channel.writeAndFlush(HTTPResponsePart.head(HTTPResponse(status: .continue)))
    }

    /// Ends this connection, so that a newer request can take over its upload.
    var preempt: @Sendable () -> Void {
        { [channel] in channel.close(promise: nil) }
    }
}

extension Request {
    /// What `Content-Length` says, or `nil` where it says nothing.
    var contentLength: Int64? {
        headers[.contentLength].flatMap { Int64($0) }
    }
}
