import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Speaks to a daemon over its open API.
struct APIClient: Sendable {
    /// The daemon's address, without a slash at its end.
    let server: String
    let token: String

    /// Most bytes of an answer that is read whole.
    private static let maximumAnswer = 16 << 20
    private static let patience = TimeAmount.seconds(60)
    /// One for the life of the process. It says at once that nobody listens;
    /// whoever wants to try again does so in words the person sees.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(10)))
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }()

    /// A request with the caller's credential. `target` is a path, or the URL of this server.
    func request(_ method: HTTPMethod, _ target: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: target.hasPrefix("/") ? server + target : target)
        request.method = method
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        return request
    }

    /// Sends a request, and answers with whatever came back.
    ///
    /// - Throws: ``ClientError/unreachable(server:reason:)`` if nothing came back.
    func send(_ request: HTTPClientRequest, patience: TimeAmount = patience) async throws -> HTTPClientResponse {
        do {
            return try await Self.http.execute(request, timeout: patience)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw ClientError.unreachable(server: server, reason: "\(error)")
        }
    }

    /// Sends a request that is to succeed, and answers with its whole body.
    ///
    /// - Throws: ``ClientError``.
    func body(of request: HTTPClientRequest) async throws -> Data {
        let response = try await send(request)
        let body = try await Self.body(of: response)
        guard (200..<300).contains(response.status.code) else {
            throw ClientError.refused(status: response.status.code, detail: Self.detail(in: body))
        }
        return body
    }

    /// The error that an answer speaks of.
    static func error(in response: HTTPClientResponse) async -> ClientError {
        let body = (try? await body(of: response)) ?? Data()
        return .refused(status: response.status.code, detail: detail(in: body))
    }

    static func body(of response: HTTPClientResponse) async throws -> Data {
        Data(try await response.body.collect(upTo: maximumAnswer).readableBytesView)
    }

    private static func detail(in body: Data) -> String? {
        try? JSONDecoder().decode(ProblemBody.self, from: body).detail
    }

    private struct ProblemBody: Decodable {
        let detail: String
    }
}

/// Why a command of the client failed. Each says it in a sentence.
enum ClientError: Error, CustomStringConvertible {
    case unreachable(server: String, reason: String)
    case refused(status: UInt, detail: String?)
    case unexpected(String)

    var description: String {
        switch self {
        case .unreachable(let server, let reason): "\(server) cannot be reached (\(reason))."
        case .refused(let status, let detail): detail ?? "The server answered with status \(status)."
        case .unexpected(let what): "The server’s answer cannot be understood: \(what)."
        }
    }
}
