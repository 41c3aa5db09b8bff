internal import NIOCore
internal import NIOHTTP2
internal import Synchronization

/// The streams of one connection, which closes when it has had none for a
/// while, or when the daemon stops and the last of them has ended.
///
/// All of it happens on the connection's event loop; the lock only says so to
/// the compiler.
final class OpenStreams: NIOHTTP2StreamDelegate {
    private struct State {
        var count = 0
        var isStopping = false
        var idle: Scheduled<Void>?
    }

    private let idleTimeout: TimeAmount
    private let connection: any Channel
    private let state = Mutex(State())

    init(idleTimeout: TimeAmount, of connection: any Channel) {
        self.idleTimeout = idleTimeout
        self.connection = connection
        wait()
    }

    func streamCreated(_ id: HTTP2StreamID, channel: any Channel) {
        state.withLock { state in
            state.count += 1
            state.idle?.cancel()
            state.idle = nil
        }
    }

    func streamClosed(_ id: HTTP2StreamID, channel: any Channel) {
        let (isLast, isStopping) = state.withLock { state in
            state.count -= 1
            return (state.count == 0, state.isStopping)
        }
        guard isLast else { return }
        if isStopping { connection.close(promise: nil) } else { wait() }
    }

    /// Takes no more streams for long: the daemon stops.
    func stop() {
        let isIdle = state.withLock { state in
            state.isStopping = true
            return state.count == 0
        }
        if isIdle { connection.close(promise: nil) }
    }

    private func wait() {
        let idle = connection.eventLoop.scheduleTask(in: idleTimeout) { [connection] in connection.close(promise: nil) }
        state.withLock { $0.idle = idle }
    }
}

/// Hears that the daemon stops.
final class QuiescingHandler: ChannelInboundHandler {
    typealias InboundIn = Never

    private let streams: OpenStreams

    init(_ streams: OpenStreams) { self.streams = streams }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { streams.stop() }
        context.fireUserInboundEventTriggered(event)
    }
}
