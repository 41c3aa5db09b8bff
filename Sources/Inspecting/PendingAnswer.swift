internal import Dispatch
internal import Glibc
internal import InspectionWire
internal import Synchronization
internal import SystemPackage

/// An answer that is to come as one message over a socket, or never.
///
/// No thread waits for it. That its socket is closed tells the inspector that
/// nobody waits for the answer any more.
final class PendingAnswer: Sendable {
    /// -1 once it is closed.
    private let socket: Mutex<Int32>

    private static let queue = DispatchQueue(label: "keepsake.inspector.answers")

    /// Takes the socket over.
    init(from socket: SystemPackage.FileDescriptor) { self.socket = Mutex(socket.rawValue) }

    deinit {
        socket.withLock { if $0 >= 0 { close($0) } }
    }

    /// The message, cut behind the first byte that is too many; none, if the
    /// inspection ended without, or the task is cancelled. To be asked for once.
    func message() async -> [UInt8] {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let source = DispatchSource.makeReadSource(
                    fileDescriptor: socket.withLock(\.self), queue: Self.queue)
                source.setEventHandler { source.cancel() }
                source.setCancelHandler { continuation.resume(returning: self.receive()) }
                source.activate()
            }
        } onCancel: {
            // The socket is then at its end, which wakes whoever waits.
            socket.withLock { _ = shutdown($0, Int32(SHUT_RDWR)) }
        }
    }

    /// What lies in the socket, which is closed.
    private func receive() -> [UInt8] {
        socket.withLock { socket in
            guard socket >= 0 else { return [] }
            defer {
                close(socket)
                socket = -1
            }
            return [UInt8](unsafeUninitializedCapacity: InspectionAnswer.maximumFrameSize + 1) { buffer, count in
                count = max(0, recv(socket, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT)))
            }
        }
    }
}

extension SystemPackage.FileDescriptor {
    /// Two ends of a new socket that keeps messages apart.
    static func messageSockets() throws -> (SystemPackage.FileDescriptor, SystemPackage.FileDescriptor) {
        try sockets(SOCK_SEQPACKET)
    }

    /// Two ends of a new Unix socket of this type.
    static func sockets(_ type: __socket_type) throws -> (SystemPackage.FileDescriptor, SystemPackage.FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Errno(rawValue: errno)
        }
        return (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
    }
}
