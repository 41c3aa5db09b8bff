internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTPTypes

/// A connection of HTTP/1.1 that is made for uploads.
///
/// It receives into large buffers, runs each request on the connection's own
/// event loop so that bytes need not change threads, and can close a
/// connection whose request was refused instead of reading it to its end.
struct KeepsakeChannel: ServerChildChannel, HTTPChannelHandler {
    typealias Value = HTTP1Channel.Value

    private let http1: HTTP1Channel
    var responder: Responder { http1.responder }

    /// Bytes read from a socket at once. Measured: 64 KiB costs a third more CPU.
    private static let receiveBufferSize = 256 << 10

    init(responder: @escaping Responder, idleTimeout: TimeAmount) {
        http1 = HTTP1Channel(
            responder: responder,
            configuration: .init(
                additionalChannelHandlers: [RequestTrailers(), ClosingHandler()], idleTimeout: idleTimeout))
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.setOption(
            .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.receiveBufferSize)
        ).flatMap { http1.setup(channel: channel, logger: logger) }
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopTaskExecutor(loop: value.channel.eventLoop)) {
            await http1.handle(value: value, logger: logger)
        }
    }
}

/// Runs a task's jobs on an event loop.
private final class EventLoopTaskExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
