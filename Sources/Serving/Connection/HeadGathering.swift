internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Sends the head of an answer with the beginning of its body, where that is there at once.
///
/// The head would else be a packet of its own. Measured: of small parts of a
/// film a tenth more are sent in the same time.
final class HeadGathering: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Whether the last that was written is a head that the body follows.
    private var endsInHead = false
    private var isHeld = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        endsInHead =
            switch unwrapOutboundIn(data) {
            case .head(let head): head.status.kind != .informational
            case .body, .end: false
            }
        context.write(data, promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        guard endsInHead else {
            isHeld = false
            return context.flush()
        }
        if isHeld { return }
        isHeld = true
        // What needs a disk or another thread comes later: the head goes first.
        context.eventLoop.assumeIsolated().execute { self.release(context) }
    }

    private func release(_ context: ChannelHandlerContext) {
        guard isHeld else { return }
        isHeld = false
        context.flush()
    }
}
