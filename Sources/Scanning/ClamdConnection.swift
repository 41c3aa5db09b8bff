internal import CLinux
internal import Glibc
internal import SystemPackage

/// One conversation with clamd, which is over by a given instant.
///
/// Blocks: to be used on a thread made for that. Closes when the last
/// reference to it goes.
final class ClamdConnection {
    /// The other side has ended the conversation.
    enum HungUp: Error { case now }

    private let descriptor: SystemPackage.FileDescriptor
    private let end: ContinuousClock.Instant
    private let isWanted: () -> Bool

    /// More is no answer.
    private static let longestAnswer = 1024
    /// How often a conversation that waits asks whether it is still wanted, in milliseconds.
    private static let slice: Int32 = 100

    /// - Throws: ``ScanFailure/unreachable``.
    init(
        to socket: FilePath, until end: ContinuousClock.Instant, while isWanted: @escaping () -> Bool
    ) throws(ScanFailure) {
        let number = ks_connect(socket.string)
        guard number >= 0 else { throw .unreachable }
        descriptor = SystemPackage.FileDescriptor(rawValue: number)
        self.end = end
        self.isWanted = isWanted
    }

    deinit { try? descriptor.close() }

    /// Sends a chunk of the stream: its size in four bytes, big-endian, and the bytes.
    ///
    /// - Throws: ``HungUp``, or ``ScanFailure``.
    func send(chunk: UnsafeRawBufferPointer) throws {
        try withUnsafeBytes(of: UInt32(chunk.count).bigEndian) { try send($0) }
        try send(chunk)
    }

    func send(_ bytes: some Collection<UInt8>) throws {
        try Array(bytes).withUnsafeBytes { try send($0) }
    }

    private func send(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            try wait(for: Int16(POLLOUT))
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let count = Glibc.send(descriptor.rawValue, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
            if count > 0 { rest = rest.dropFirst(count) } else { try expectMore(errno) }
        }
    }

    /// All that comes until the answer's zero, the end, or too much.
    func receive() throws -> [UInt8] {
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: Self.longestAnswer)
        while answer.last != 0, answer.count < Self.longestAnswer {
            try wait(for: Int16(POLLIN))
            let count = recv(descriptor.rawValue, &buffer, buffer.count - answer.count, 0)
            if count == 0 { break }
            if count > 0 {
                answer += buffer[..<count]
            } else {
                do { try expectMore(errno) } catch HungUp.now { break }
            }
        }
        return answer
    }

    /// Whether what failed can be tried again.
    private func expectMore(_ reason: Int32) throws {
        switch Errno(rawValue: reason) {
        case .interrupted, .wouldBlock, .resourceTemporarilyUnavailable: return
        default: throw HungUp.now
        }
    }

    /// Waits until the socket is ready, or has come to its end.
    private func wait(for events: Int16) throws(ScanFailure) {
        while true {
            guard isWanted() else { throw .stopped }
            guard ContinuousClock.now < end else { throw .timedOut }
            var question = pollfd(fd: descriptor.rawValue, events: events, revents: 0)
            if poll(&question, 1, Self.slice) > 0 { return }
        }
    }
}
