internal import Dispatch
internal import Glibc
internal import SystemPackage

/// Our end of a stream socket, waited for without a thread, and closed when the last reference goes.
///
/// That it is closed tells the other end that nobody waits any more.
final class SocketEnd: Sendable {
    enum Received {
        case bytes([UInt8])
        /// The other end is closed, or the task cancelled.
        case end
        /// Nothing came before the deadline.
        case late
    }

    private let socket: Int32
    private static let queue = DispatchQueue(label: "keepsake.renderer.answers")

    /// Takes the socket over.
    init(_ socket: SystemPackage.FileDescriptor) { self.socket = socket.rawValue }

    deinit { close(socket) }

    /// Waits until something has come, and takes at most `count` bytes of it.
    func receive(_ count: Int, before deadline: ContinuousClock.Instant) async -> Received {
        while true {
            var error: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                let received = recv(socket, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
                error = received < 0 ? errno : 0
                filled = max(0, received)
            }
            if !bytes.isEmpty { return .bytes(bytes) }
            guard error == EAGAIN || error == EINTR else { return .end }
            guard ContinuousClock.now < deadline else { return .late }
            await change(before: deadline)
        }
    }

    /// Waits until there is something to receive, the deadline has come or the task is cancelled.
    private func change(before deadline: ContinuousClock.Instant) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let source = DispatchSource.makeReadSource(fileDescriptor: socket, queue: Self.queue)
                let timer = DispatchSource.makeTimerSource(queue: Self.queue)
                source.setEventHandler { source.cancel() }
                timer.setEventHandler { source.cancel() }
                source.setCancelHandler {
                    timer.cancel()
                    continuation.resume()
                }
                timer.schedule(deadline: .now() + ContinuousClock.now.duration(to: deadline).seconds)
                timer.activate()
                source.activate()
            }
        } onCancel: {
            // The socket is then at its end, which wakes whoever waits.
            shutdown(socket, Int32(SHUT_RDWR))
        }
    }
}

extension Duration {
    fileprivate var seconds: Double { max(0, Double(components.seconds) + Double(components.attoseconds) / 1e18) }
}
