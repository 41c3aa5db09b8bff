/// What happens while derivatives are made, from the first that is asked for on.
///
/// Ends after everything was tried. Throws ``InspectionFailure`` if the work
/// stopped, took too long or made no sense, and `CancellationError`; what was
/// begun and has not ended is then worthless.
package struct RenderEvents: AsyncSequence, Sendable {
    package typealias Element = RenderEvent

    private let begin: @Sendable () async throws -> RenderStream

    init(begin: @escaping @Sendable () async throws -> RenderStream) { self.begin = begin }

    package func makeAsyncIterator() -> Iterator { Iterator(begin: begin) }

    /// Goes through the events once; the work ends with it.
    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let begin: @Sendable () async throws -> RenderStream
        private var stream: RenderStream?
        private var isOver = false
        /// Name and version of what took part; known after the last event.
        package private(set) var tools: [String: String] = [:]

        fileprivate init(begin: @escaping @Sendable () async throws -> RenderStream) { self.begin = begin }

        /// The next event; `nil` after the last.
        package mutating func next() async throws -> RenderEvent? {
            guard !isOver else { return nil }
            do {
                let stream =
                    if let stream { stream } else { try await begin() }
                self.stream = stream
                if let event = try await stream.next() { return event }
            } catch {
                end()
                throw error
            }
            end()
            return nil
        }

        private mutating func end() {
            isOver = true
            tools = stream?.tools ?? [:]
            stream = nil
        }
    }
}
