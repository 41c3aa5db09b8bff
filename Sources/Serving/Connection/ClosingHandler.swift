internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Closes the connection after an answer that says `Connection: close`.
///
/// A client that is still sending gets to read the answer first: many take the
/// end of the stream for a failure of what they send. So a little more of it
/// is read, then nothing, and some seconds later the connection ends.
///
/// In HTTP/2 it is the stream that ends, with the answer; there is no such
/// field, and what the client still sends is stopped by its window.
///
/// Source: RFC 9112, section 9.6; RFC 9113, sections 8.1 and 8.2.2.
final class ClosingHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long a client that goes on sending has to read the answer.
    private static let linger: TimeAmount = .seconds(5)
    /// Bytes that are read, for nothing, of a client that goes on sending.
    private static let mostIgnored = 1 << 20

    private let isStream: Bool
    private var isSending = false
    private var closes = false
    private var isAnswered = false
    private var ignored = 0

    /// - Parameter isStream: whether the channel is one stream of HTTP/2.
    init(isStream: Bool) { self.isStream = isStream }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: isSending = true
        case .body(let bytes) where isAnswered: ignored += bytes.readableBytes
        case .body: break
        case .end:
            isSending = false
            if isAnswered && !isStream { context.close(promise: nil) }
        }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        if ignored < Self.mostIgnored { context.read() }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.kind != .informational:
            closes = head.headerFields[.connection] == "close"
            guard closes && isStream else { break }
            head.headerFields[.connection] = nil
            return context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end where closes:
            let written = promise ?? context.eventLoop.makePromise()
            written.futureResult.assumeIsolated().whenComplete { _ in self.answered(context) }
            return context.writeAndFlush(data, promise: written)
        default: break
        }
        context.write(data, promise: promise)
    }

    private func answered(_ context: ChannelHandlerContext) {
        guard isSending else {
            // A stream on which both sides have ended is closed already.
            if !isStream { context.close(promise: nil) }
            return
        }
        isAnswered = true
        let channel = context.channel
        context.eventLoop.scheduleTask(in: Self.linger) { channel.close(promise: nil) }
    }
}
