internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes
internal import Synchronization

/// One connection's requests, one after the other, or the one request of a stream.
///
/// What comes is kept here by the event loop until the task that answers takes it, and what that task sends goes out at
/// once, unless the client has yet to take what it was sent. Both wait for each other, so memory is bounded.
///
/// In place of NIO's bridge to tasks, which is made for elements of any type.
final class Exchange: Sendable {
    fileprivate struct State {
        var parts = CircularBuffer<HTTPRequestPart>(initialCapacity: 2)
        /// Of the bodies among `parts`.
        var bytes = 0
        /// Why nothing more comes, once it is so; an error is told once.
        var ending: Result<Void, any Error>?
        var reader: CheckedContinuation<HTTPRequestPart?, any Error>?
        var isReadHeld = false
        /// Whether the request that was begun last has yet to come to its end.
        var isInBody = false
        var trailers: HTTPFields = [:]

        var isWritable = true
        var isClosed = false
        var writer: CheckedContinuation<Void, any Error>?
    }

    let channel: any Channel
    private let state = Mutex(State())

    /// Bytes, and parts, that wait for the task before the socket is left alone.
    private static let mostBytes = 512 << 10
    private static let mostParts = 16

    init(channel: any Channel) { self.channel = channel }

    // MARK: What comes

    /// The head of the next request, once the one before has come to its end; `nil` where the client sends no more.
    ///
    /// - Throws: what the decoder, or the connection, ended with.
    func nextHead() async throws -> HTTPRequest? {
        while try await nextOfBody() != nil {}
        guard let part = try await next() else { return nil }
        guard case .head(let head) = part else { throw ChannelError.inputClosed }
        state.withLock { state in
            state.isInBody = true
            state.trailers = [:]
        }
        return head
    }

    /// More of the request's body, or `nil` at its end.
    ///
    /// - Throws: also where the connection ends before the body does.
    func nextOfBody() async throws -> ByteBuffer? {
        guard state.withLock({ $0.isInBody }) else { return nil }
        switch try await next() {
        case .body(let bytes): return bytes
        case .end(let trailers):
            state.withLock { state in
                state.isInBody = false
                state.trailers = trailers ?? [:]
            }
            return nil
        case .head, nil:
            state.withLock { $0.isInBody = false }
            throw ChannelError.inputClosed
        }
    }

    /// The fields behind the body, once that has come to its end.
    ///
    /// Source: RFC 9110, section 6.5.
    var trailers: HTTPFields { state.withLock { $0.trailers } }

    private func next() async throws -> HTTPRequestPart? {
        if let part = taken() { return try part.get() }
        return try await withCheckedThrowingContinuation { continuation in
            let part = state.withLock { state in
                let part = state.take()
                if part == nil { state.reader = continuation }
                return part
            }
            if let part { continuation.resume(with: part) }
        }
    }

    private func taken() -> Result<HTTPRequestPart?, any Error>? {
        let (part, reads) = state.withLock { state in
            let part = state.take()
            let reads = state.isReadHeld && state.bytes < Self.mostBytes / 2 && state.parts.count < Self.mostParts / 2
            if reads { state.isReadHeld = false }
            return (part, reads)
        }
        if reads { channel.read() }
        return part
    }

    func received(_ part: HTTPRequestPart) {
        let reader = state.withLock { state in
            guard let reader = state.reader else {
                state.append(part)
                return CheckedContinuation<HTTPRequestPart?, any Error>?.none
            }
            state.reader = nil
            return reader
        }
        reader?.resume(returning: part)
    }

    /// Whether more may be read from the socket now; if not, it will be once the task has taken some.
    func mayRead() -> Bool {
        state.withLock { state in
            state.isReadHeld = state.bytes >= Self.mostBytes || state.parts.count >= Self.mostParts
            return !state.isReadHeld
        }
    }

    /// Says that nothing more comes.
    func end(_ ending: Result<Void, any Error>) {
        let ended = state.withLock { state in
            if state.ending == nil { state.ending = ending }
            guard let reader = state.reader, let last = state.take() else {
                return (CheckedContinuation<HTTPRequestPart?, any Error>, Result<HTTPRequestPart?, any Error>)?.none
            }
            state.reader = nil
            return (reader, last)
        }
        if let (reader, last) = ended { reader.resume(with: last) }
    }

    // MARK: What is sent

    /// Sends parts of an answer, once the client has taken enough of those before.
    ///
    /// - Parameter flushes: whether they go out now, or with the end that follows.
    /// - Throws: where the connection is gone.
    func send(_ parts: HTTPResponsePart..., flushes: Bool = true) async throws {
        try await writable()
        for part in parts { channel.write(part, promise: nil) }
        if flushes { channel.flush() }
    }

    /// Sends the end of an answer, behind what is not flushed yet: it does not wait for that.
    func sendEnd(_ trailers: HTTPFields?) { channel.writeAndFlush(HTTPResponsePart.end(trailers), promise: nil) }

    /// Sends nothing more; what the client still sends is read.
    func finish() { channel.close(mode: .output, promise: nil) }

    /// Ends the waiting of the task, which was cancelled.
    func cancel() {
        end(.failure(CancellationError()))
        resumeWriter { $0.isClosed = true }
        channel.close(mode: .input, promise: nil)
    }

    private func writable() async throws {
        let (isReady, isClosed) = state.withLock { ($0.isWritable, $0.isClosed) }
        if isClosed { throw ChannelError.ioOnClosedChannel }
        if isReady { return }
        try await withCheckedThrowingContinuation { continuation in
            let waits = state.withLock { state in
                guard !state.isWritable && !state.isClosed else { return false }
                state.writer = continuation
                return true
            }
            // A connection that has ended says so with what is written to it next.
            if !waits { continuation.resume() }
        }
    }

    func changed(isWritable: Bool) { resumeWriter { $0.isWritable = isWritable } }

    func closed() {
        end(.success(()))
        resumeWriter { $0.isClosed = true }
    }

    private func resumeWriter(after change: (inout State) -> Void) {
        let (writer, isClosed) = state.withLock { state in
            change(&state)
            guard state.isWritable || state.isClosed else { return (CheckedContinuation<Void, any Error>?.none, false) }
            defer { state.writer = nil }
            return (state.writer, state.isClosed)
        }
        if isClosed { writer?.resume(throwing: ChannelError.ioOnClosedChannel) } else { writer?.resume() }
    }
}

extension Exchange.State {
    mutating func append(_ part: HTTPRequestPart) {
        if case .body(let buffer) = part { bytes += buffer.readableBytes }
        parts.append(part)
    }

    /// What is there for the task, or `nil` where it has to wait.
    mutating func take() -> Result<HTTPRequestPart?, any Error>? {
        if let part = parts.popFirst() {
            if case .body(let buffer) = part { bytes -= buffer.readableBytes }
            return .success(part)
        }
        guard let ending else { return nil }
        self.ending = .success(())
        return ending.map { nil }
    }
}
