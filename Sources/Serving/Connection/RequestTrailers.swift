internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Keeps the fields behind each body until its request is answered: bodies
/// are handed on without them.
///
/// Source: RFC 9110, section 6.5.
final class RequestTrailers: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Of the requests that are not answered yet; a client may send several at once.
    private var requests: [HTTPFields?] = []

    /// Those of the request that is being answered, if they have come.
    var current: HTTPFields? { requests.first ?? nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: requests.append(nil)
        case .end(let trailers) where !requests.isEmpty: requests[requests.count - 1] = trailers
        default: break
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data), !requests.isEmpty { requests.removeFirst() }
        context.write(data, promise: promise)
    }
}
