internal import Artefacts
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Linking
internal import Logging
internal import NIOCore
internal import NIOHTTPTypes
internal import NIOSSL

/// Where a request came from.
struct RequestSource: RequestContextSource {
    let exchange: Exchange
    let logger: Logger
}

/// What is known of a request before anybody has asked who sent it.
struct RequestScope: RequestContext {
    typealias Source = RequestSource

    var coreContext: CoreRequestContextStorage
    let exchange: Exchange
    /// What let its sender in, once authentication has found out.
    var credential: Credential?

    init(source: RequestSource) {
        coreContext = CoreRequestContextStorage(source: source)
        exchange = source.exchange
    }
}

/// What is known of a request whose sender is known.
struct SignedInScope: ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    private let exchange: Exchange
    private let credential: Credential

    init(context: RequestScope) throws {
        guard let credential = context.credential else { throw Problem.notSignedIn }
        coreContext = context.coreContext
        exchange = context.exchange
        self.credential = credential
    }

    var principal: Principal { credential.principal }

    /// The digest of the session's secret, where a browser sent it.
    var session: Digest? { credential.use == .session ? credential.secret : nil }

    /// Asks again what was asked when the request began: a large file takes
    /// hours, and a token may be revoked meanwhile.
    ///
    /// - Throws: ``Problem``.
    func requireStill(_ action: Action, in catalogue: any Catalogue) async throws {
        guard try await catalogue.credential(credential.secret, use: credential.use, at: Date()) != nil else {
            throw Problem.notSignedIn
        }
        try require(action)
    }
}

extension SignedInScope {
    /// The identifier in the path, or `nil` where the path holds none.
    func identifier<Subject>(_ name: String, of: Subject.Type) -> Identifier<Subject>? {
        parameters.get(name).flatMap { Identifier(parsing: $0) }
    }

    /// Sends an interim answer; the final one follows by itself.
    ///
    /// Source: RFC 9110, section 15.2.
    func inform(_ interim: HTTPResponse) {
        exchange.channel.writeAndFlush(HTTPResponsePart.head(interim), promise: nil)
    }

    /// The fields behind the body, once that has come to its end.
    var trailers: HTTPFields { exchange.trailers }

    /// Lets the client send the body it announced with `Expect: 100-continue`,
    /// once it is clear that the body is wanted.
    ///
    /// Source: RFC 9110, section 10.1.1.
    func invite(_ request: Request) async throws {
        guard request.headers[.expect]?.lowercased() == "100-continue" else { return }
        try await exchange.send(.head(HTTPResponse(status: .continue)))
    }

    /// Ends this connection, so that a newer request can take over its upload.
    ///
    /// Whoever stalls answers no goodbye, so TLS may not wait for one.
    var preempt: @Sendable () -> Void {
        { [channel = exchange.channel] in
            channel.eventLoop.execute {
                let pipeline = channel.pipeline.syncOperations
                guard let tls = try? pipeline.context(handlerType: NIOSSLServerHandler.self) else {
                    return channel.close(promise: nil)
                }
                tls.close(promise: nil)
            }
        }
    }
}

extension Request {
    /// What `Content-Length` says, or `nil` where it says nothing.
    var contentLength: Int64? {
        headers[.contentLength].flatMap { Int64($0) }
    }
}
