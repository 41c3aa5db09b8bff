/// What can be made of an original, so that people can see, hear or find it.
///
/// None carries metadata of the original, and each can be made again.
package enum DerivativeKind: String, Sendable, Codable, CaseIterable {
    /// A small picture for lists, at most 480 pixels on its longer side.
    case thumbnail
    /// A large picture, at most 2048 pixels on its longer side.
    case poster
    /// How loud a recording is over time, as JSON.
    case waveform
    /// The same as a picture.
    case waveformPicture
    /// A form of the whole that every browser plays or shows.
    case preview
    /// The text in it, as UTF-8.
    case text
    /// The original, byte for byte but for what tells where and with what it was made.
    case withoutLocation
}

/// One derivative of an artefact, kept as a blob.
package struct Derivative: Hashable, Sendable, Codable {
    package let kind: DerivativeKind
    package let digest: Digest
    package let mimeType: MediaType
    /// Bytes.
    package let size: Int64

    package init(kind: DerivativeKind, digest: Digest, mimeType: MediaType, size: Int64) {
        self.kind = kind
        self.digest = digest
        self.mimeType = mimeType
        self.size = size
    }
}
