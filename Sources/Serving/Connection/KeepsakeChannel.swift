internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTP2
internal import NIOHTTPTypesHTTP1
internal import NIOHTTPTypesHTTP2
internal import NIOSSL

/// A connection that is made for uploads, by HTTP/1.1 or HTTP/2, with TLS or without.
///
/// It receives into large buffers where much comes in, runs each request on the connection's own
/// event loop so that bytes need not change threads, cuts off who stalls, and
/// can close a connection whose request was refused instead of reading it to
/// its end.
struct KeepsakeChannel: ServerChildChannel {
    enum Conversation: Sendable {
        case http1(Exchange)
        case http2(NIOHTTP2Handler.AsyncStreamMultiplexer<Exchange>)
    }

    struct Value: ServerChildChannelValue {
        let channel: any Channel
        /// Known once the first bytes have come.
        let conversation: EventLoopFuture<Conversation>
    }

    private let answering: Answering
    private let limits: ConnectionLimits
    private let tls: NIOSSLContext?

    /// Bytes of one stream, and of all, that may be on their way. Measured:
    /// with the 64 KiB that HTTP/2 begins with, uploads take eight times as long.
    private static let windowSize = 1 << 20
    private static let connectionWindowSize = 4 << 20
    private static let frameSize = 256 << 10
    private static let mostStreams = 100

    /// Bytes that wait for the client before more are made. A part of a film, with its head, is less: whatever is more
    /// is said to all handlers, and that the client took it as well, which each sets a clock for.
    private static let unsent = ChannelOptions.Types.WriteBufferWaterMark(low: 64 << 10, high: 128 << 10)

    init(_ answering: Answering, limits: ConnectionLimits, tls: NIOSSLContext?) {
        self.answering = answering
        self.limits = limits
        self.tls = tls
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let found = channel.eventLoop.makePromise(of: Conversation.self)
        return channel.setOption(.recvAllocator, value: ReadSizes()).flatMap {
            // Each channel keeps as many buffers as it reads in a row.
            channel.setOption(.maxMessagesPerRead, value: 1)
        }.flatMap {
            channel.setOption(.writeBufferWaterMark, value: Self.unsent)
        }.flatMapThrowing {
            let pipeline = channel.pipeline.syncOperations
            if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
            try pipeline.addHandler(
                VersionSniffer(patience: limits.idleTimeout, found: found) { version in
                    switch version {
                    case .http1: .http1(try http1(channel, logger))
                    case .http2: .http2(try http2(channel, logger))
                    }
                })
            return Value(channel: channel, conversation: found.futureResult)
        }
    }

    private func http1(_ channel: any Channel, _ logger: Logger) throws -> Exchange {
        let pipeline = channel.pipeline.syncOperations
        // As Hummingbird's own channel: errors are answered above, and requests are queued there.
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false)
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: tls != nil))
        return try exchange(channel, isStream: false, logger)
    }

    private func http2(
        _ channel: any Channel, _ logger: Logger
    ) throws -> NIOHTTP2Handler.AsyncStreamMultiplexer<Exchange> {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.targetWindowSize = Self.connectionWindowSize
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: Self.mostStreams),
            HTTP2Setting(parameter: .initialWindowSize, value: Self.windowSize),
            HTTP2Setting(parameter: .maxFrameSize, value: Self.frameSize),
            HTTP2Setting(parameter: .maxHeaderListSize, value: 80 << 10),
        ]
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.targetWindowSize = Self.windowSize
        let streams = OpenStreams(idleTimeout: limits.idleTimeout, of: channel)
        let multiplexer = try channel.pipeline.syncOperations.configureAsyncHTTP2Pipeline(
            mode: .server, streamDelegate: streams,
            configuration: NIOHTTP2Handler.Configuration(connection: connection, stream: stream)
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(HTTP2FramePayloadToHTTPServerCodec())
                return try exchange(stream, isStream: true, logger)
            }
        }
        try channel.pipeline.syncOperations.addHandler(QuiescingHandler(streams))
        return multiplexer
    }

    private func exchange(_ channel: any Channel, isStream: Bool, _ logger: Logger) throws -> Exchange {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(PaceGuard(limits))
        try pipeline.addHandler(ClosingHandler(isStream: isStream))
        try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: .init(limits.idleTimeout), logger: logger))
        let exchange = Exchange(channel: channel)
        try pipeline.addHandler(ExchangeHandler(exchange))
        return exchange
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopTaskExecutor(loop: value.channel.eventLoop)) {
            do {
                switch try await value.conversation.get() {
                case .http1(let exchange): await answering.serve(exchange, logger: logger)
                case .http2(let multiplexer):
                    try await withThrowingDiscardingTaskGroup { group in
                        for try await stream in multiplexer.inbound {
                            group.addTask { await answering.serve(stream, logger: logger) }
                        }
                    }
                }
            } catch {
                // Nothing was said, or nothing that is HTTP: there is nobody to answer.
                logger.debug("a connection ended: \(error)")
            }
        }
    }
}

/// How long a connection may do nothing, and how little.
struct ConnectionLimits: Sendable {
    let idleTimeout: TimeAmount
    /// Bytes in a second that a client which is sending must come to; 0: none.
    let minimumRate: Int
}

extension Duration {
    fileprivate init(_ time: TimeAmount) { self = .nanoseconds(time.nanoseconds) }
}
