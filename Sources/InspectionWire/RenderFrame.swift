package import Artefacts

/// One step of what the renderer tells of its work, over a stream socket.
///
/// For each kind in the order either ``failed(_:reason:)`` alone, or
/// ``began(_:_:)``, its bytes, and ``ended`` or ``failed(_:reason:)``, which
/// makes the bytes worthless. At the end of all, ``finished(tools:)``.
package enum RenderFrame: Hashable, Sendable {
    case began(DerivativeKind, MediaType)
    /// The next bytes of the derivative that was begun; some, and at most ``maximumPieceSize``.
    case bytes([UInt8])
    case ended
    /// The derivative cannot be made; `reason` is a short phrase for people.
    case failed(DerivativeKind, reason: String)
    /// Everything was tried; name and version of each library that took part.
    case finished(tools: [String: String])

    /// Most bytes of a derivative in one frame.
    package static let maximumPieceSize = 64 << 10
    /// Most bytes in any other frame, behind its head.
    static let maximumTextSize = 4096
    /// The letter of the frame, and the length of what follows.
    static let headSize = 5
}
