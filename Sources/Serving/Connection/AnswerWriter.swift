internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import NIOHTTPTypes

/// Sends one answer: its head goes out with the beginning of its body, and its end with the last of it.
///
/// Each would else be a packet, and a system call, of its own.
struct AnswerWriter: ResponseBodyWriter {
    private let exchange: Exchange
    private var head: HTTPResponse?
    /// Bytes of the body that are still to come, where its length was said.
    private var left: Int?

    init(_ exchange: Exchange, head: HTTPResponse, length: Int?) {
        self.exchange = exchange
        self.head = head
        left = length
    }

    mutating func write(_ buffer: ByteBuffer) async throws {
        left = left.map { $0 - buffer.readableBytes }
        let isLast = left == 0
        guard let head else { return try await exchange.send(.body(buffer), flushes: !isLast) }
        self.head = nil
        try await exchange.send(.head(head), .body(buffer), flushes: !isLast)
    }

    consuming func finish(_ trailers: HTTPFields?) async throws {
        guard let head else { return exchange.sendEnd(trailers) }
        try await exchange.send(.head(head), .end(trailers))
    }
}
