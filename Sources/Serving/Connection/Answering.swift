internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes

/// Answers the requests of an exchange, one after the other, until either side has enough.
struct Answering: Sendable {
    private let responder: MethodOverride<RouterResponder<RequestScope>>
    private let date = DateField()

    init(_ routes: Router<RequestScope>) { responder = MethodOverride(inner: routes.buildResponder()) }

    func serve(_ exchange: Exchange, logger: Logger) async {
        await withTaskCancellationHandler {
            do {
                do {
                    try await answerAll(exchange, logger)
                } catch is HTTPParserError {
                    let head = HTTPResponse(
                        status: .badRequest, headerFields: [.connection: "close", .contentLength: "0"])
                    try await exchange.send(.head(head), .end(nil))
                }
                exchange.finish()
                try await exchange.channel.closeFuture.get()
            } catch {
                // Nobody is there to be answered, or the answer broke off: the client sees it by the connection's end.
                logger.debug("a connection ended: \(error)")
                try? await exchange.channel.close()
            }
        } onCancel: {
            exchange.cancel()
        }
    }

    private func answerAll(_ exchange: Exchange, _ logger: Logger) async throws {
        while let head = try await exchange.nextHead() {
            try await answer(head, exchange, logger)
            if head.headerFields[.connection] == "close" { return }
        }
    }

    private func answer(_ head: HTTPRequest, _ exchange: Exchange, _ logger: Logger) async throws {
        var logger = logger
        logger[metadataKey: "hb.request.id"] = .stringConvertible(RequestID())
        let request = Request(head: head, body: RequestBody(asyncSequence: ExchangeBody(exchange: exchange)))
        var response = try await responder.respond(
            to: request, context: RequestScope(source: RequestSource(exchange: exchange, logger: logger)))
        response.headers[.date] = date.text
        let body = response.body
        try await body.write(AnswerWriter(exchange, head: response.head, length: body.contentLength))
    }
}
