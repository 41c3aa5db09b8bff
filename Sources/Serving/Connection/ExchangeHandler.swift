internal import NIOCore
internal import NIOHTTPTypes

/// The end of a connection's handlers, where its ``Exchange`` begins.
final class ExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let exchange: Exchange

    init(_ exchange: Exchange) { self.exchange = exchange }

    func handlerRemoved(context: ChannelHandlerContext) { exchange.closed() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { exchange.received(unwrapInboundIn(data)) }

    func read(context: ChannelHandlerContext) {
        if exchange.mayRead() { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        exchange.changed(isWritable: context.channel.isWritable)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { exchange.end(.success(())) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { exchange.end(.failure(error)) }
}
