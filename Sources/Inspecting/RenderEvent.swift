package import Artefacts

/// One step in the making of derivatives, in the order in which they are made.
package enum RenderEvent: Hashable, Sendable {
    /// The bytes that follow are those of this derivative.
    case began(DerivativeKind, MediaType)
    case bytes([UInt8])
    /// The derivative that was begun is whole.
    case ended
    /// The derivative cannot be made, with a short reason for people; what
    /// came of it, if any, is worthless.
    case failed(DerivativeKind, reason: String)
}
