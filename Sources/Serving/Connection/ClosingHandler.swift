internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Closes the connection after an answer that says `Connection: close`.
///
/// A little later, so that a client which is still sending gets to read the
/// answer: many take the end of the stream for a failure of what they send.
///
/// Source: RFC 9112, section 9.6.
final class ClosingHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long a client that goes on sending has to read the answer.
    private static let linger: TimeAmount = .seconds(1)
    private var closes = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.kind != .informational:
            closes = head.headerFields[.connection] == "close"
        case .end where closes:
            let channel = context.channel
            let written = promise ?? context.eventLoop.makePromise()
            written.futureResult.whenComplete { _ in
                _ = channel.eventLoop.scheduleTask(in: Self.linger) { channel.close(promise: nil) }
            }
            return context.writeAndFlush(data, promise: written)
        default: break
        }
        context.write(data, promise: promise)
    }
}
