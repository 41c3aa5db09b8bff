/// Finds the frames in a stream of bytes that nobody vouches for.
///
/// Keeps no more than one frame beside what it was given last.
package struct RenderFrameDecoder: Sendable {
    private var pending: ArraySlice<UInt8> = []

    package init() {}

    /// Takes bytes as they come, cut anywhere.
    package mutating func take(_ bytes: some Collection<UInt8>) { pending = pending + bytes }

    /// The next frame; `nil` until more bytes have come.
    ///
    /// - Throws: ``InspectionWireError`` if what was taken cannot be a frame; the stream is then worthless.
    package mutating func next() throws(InspectionWireError) -> RenderFrame? {
        guard let size = try RenderFrame.size(of: pending), pending.count >= size else { return nil }
        defer { pending = pending.dropFirst(size) }
        return try RenderFrame(pending.prefix(size))
    }

    /// Whether all bytes that were taken have been answered as frames.
    package var isAtEnd: Bool { pending.isEmpty }
}
