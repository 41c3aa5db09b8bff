internal import NIOCore

/// The body of the request that an exchange is at.
struct ExchangeBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let exchange: Exchange

        func next() async throws -> ByteBuffer? { try await exchange.nextOfBody() }
    }

    let exchange: Exchange

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(exchange: exchange) }
}
