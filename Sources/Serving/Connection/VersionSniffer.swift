internal import NIOCore

/// Finds out by its first bytes which version of HTTP a client speaks.
///
/// One that speaks HTTP/2 begins with the same 24 bytes each time, whether
/// the version was agreed on in TLS or is simply known.
///
/// Source: RFC 9113, section 3.4.
final class VersionSniffer: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    enum Version {
        case http1, http2
    }

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private let patience: TimeAmount
    private let found: EventLoopPromise<KeepsakeChannel.Conversation>
    private let begin: (Version) throws -> KeepsakeChannel.Conversation
    private var received = ByteBuffer()
    private var isDone = false
    private var timeout: Scheduled<Void>?

    /// - Parameters:
    ///   - patience: how long a client may say nothing.
    ///   - begin: adds what speaks that version to the pipeline.
    init(
        patience: TimeAmount, found: EventLoopPromise<KeepsakeChannel.Conversation>,
        _ begin: @escaping (Version) throws -> KeepsakeChannel.Conversation
    ) {
        self.patience = patience
        self.found = found
        self.begin = begin
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        timeout = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timeout?.cancel()
        if !isDone { found.fail(ChannelError.eof) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return context.fireChannelRead(data) }
        received.writeImmutableBuffer(unwrapInboundIn(data))
        guard let version = version else { return }
        isDone = true
        do {
            found.succeed(try begin(version))
        } catch {
            found.fail(error)
            return context.close(promise: nil)
        }
        context.fireChannelRead(wrapInboundOut(received))
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isDone {
            isDone = true
            found.fail(ChannelError.eof)
        }
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The daemon stops, and nobody has said anything yet.
        if event is ChannelShouldQuiesceEvent, !isDone { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    /// `nil` while it may be either.
    private var version: Version? {
        let view = received.readableBytesView
        guard view.prefix(Self.preface.count).elementsEqual(Self.preface.prefix(view.count)) else { return .http1 }
        return view.count >= Self.preface.count ? .http2 : nil
    }
}
