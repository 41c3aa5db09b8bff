internal import Artefacts

/// Bytes that are given out of an artefact, and how they are described.
struct Representation {
    let digest: Digest
    /// Bytes.
    let size: Int64
    /// A `Content-Type`.
    let contentType: String
    /// A `Content-Disposition`.
    let disposition: String

    /// The original.
    init(of artefact: Artefact) {
        digest = artefact.digest
        size = artefact.size
        contentType = Self.contentType(artefact.finding.mimeType)
        disposition = ContentDisposition.field(for: artefact)
    }

    /// What was made of it.
    init(_ derivative: Derivative, of artefact: Artefact) {
        digest = derivative.digest
        size = derivative.size
        contentType = Self.contentType(derivative.mimeType)
        // A copy is to people what the original is; all others are of types that browsers show.
        disposition = derivative.kind == .withoutLocation ? ContentDisposition.field(for: artefact) : "inline"
    }

    private static let plainText: MediaType = "text/plain"

    private static func contentType(_ type: MediaType) -> String {
        type == plainText ? "text/plain; charset=utf-8" : type.description
    }
}
