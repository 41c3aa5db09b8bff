internal import CoreMetrics
internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Cuts off a client that sends its body too slowly, or does not read its answer.
///
/// Only time that the daemon waits for the client counts: while the disk is
/// busy nothing is read, and that is nobody's fault. What arrived is kept, and
/// the client can go on from there.
final class PaceGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Over which the rate is taken: phones lose their signal for seconds.
    private static let window: TimeAmount = .seconds(30)

    private let limits: ConnectionLimits
    private var isReceiving = false
    private var bytes = 0
    private var waited: TimeAmount = .zero
    private var waitingSince: NIODeadline?
    private var check: Scheduled<Void>?
    private var stall: Scheduled<Void>?

    init(_ limits: ConnectionLimits) { self.limits = limits }

    func handlerRemoved(context: ChannelHandlerContext) {
        check?.cancel()
        stall?.cancel()
    }

    func read(context: ChannelHandlerContext) {
        if isReceiving && waitingSince == nil { waitingSince = .now() }
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        endWaiting()
        switch unwrapInboundIn(data) {
        case .head:
            isReceiving = true
            beginWindow()
        case .body(let buffer): bytes += buffer.readableBytes
        case .end:
            isReceiving = false
            check?.cancel()
            check = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Most requests are whole by now, and need no clock.
        if isReceiving && check == nil && limits.minimumRate > 0 { watch(context) }
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stall?.cancel()
        stall = nil
        if !context.channel.isWritable {
            let loopBound = context.loopBound
            stall = context.eventLoop.scheduleTask(in: limits.idleTimeout) {
                Self.cutOff(loopBound.value, "answer-not-read")
            }
        }
        context.fireChannelWritabilityChanged()
    }

    private func beginWindow() {
        bytes = 0
        waited = .zero
        check?.cancel()
        check = nil
    }

    private func watch(_ context: ChannelHandlerContext) {
        check = context.eventLoop.assumeIsolated().scheduleTask(in: Self.window) { self.judge(context) }
    }

    private func judge(_ context: ChannelHandlerContext) {
        endWaiting()
        let seconds = Double(waited.nanoseconds) / 1e9
        // Most of the time it was our turn: that says nothing of the client.
        if waited.nanoseconds > Self.window.nanoseconds / 2, Double(bytes) < Double(limits.minimumRate) * seconds {
            return Self.cutOff(context, "too-slow")
        }
        waitingSince = .now()
        beginWindow()
        watch(context)
    }

    private func endWaiting() {
        guard let since = waitingSince else { return }
        waited = waited + (.now() - since)
        waitingSince = nil
    }

    private static func cutOff(_ context: ChannelHandlerContext, _ reason: String) {
        Counter(label: "keepsake_connections_cut_off_total", dimensions: [("reason", reason)]).increment()
        context.close(promise: nil)
    }
}
