internal import InspectionWire

/// The work on one file, from the request until the last reference to this goes.
final class RenderStream {
    private let socket: SocketEnd
    private let deadline: ContinuousClock.Instant
    private let answered: @Sendable () -> Void
    private let timedOut: @Sendable () async -> Void
    private let ended: @Sendable () -> Void
    private var decoder = RenderFrameDecoder()
    private var progress: RenderProgress

    /// - Parameters:
    ///   - answered: called when something came.
    ///   - timedOut: called when it took too long.
    ///   - ended: called once, at the end of this.
    init(
        _ socket: SocketEnd, order: RenderOrder, deadline: ContinuousClock.Instant,
        answered: @escaping @Sendable () -> Void, timedOut: @escaping @Sendable () async -> Void,
        ended: @escaping @Sendable () -> Void
    ) {
        self.socket = socket
        self.deadline = deadline
        self.answered = answered
        self.timedOut = timedOut
        self.ended = ended
        progress = RenderProgress(order)
    }

    deinit { ended() }

    /// What took part; known after the last event.
    var tools: [String: String] { progress.tools }

    /// The next event; `nil` after the last.
    func next() async throws -> RenderEvent? {
        while true {
            if let frame = try nextFrame() { return try progress.take(frame) }
            switch await socket.receive(2 * RenderFrame.maximumPieceSize, before: deadline) {
            case .bytes(let bytes):
                answered()
                decoder.take(bytes)
            case .end:
                try Task.checkCancellation()
                throw InspectionFailure.stopped
            case .late:
                await timedOut()
                throw InspectionFailure.timedOut
            }
        }
    }

    private func nextFrame() throws(InspectionFailure) -> RenderFrame? {
        do {
            return try decoder.next()
        } catch {
            throw .nonsense
        }
    }
}
