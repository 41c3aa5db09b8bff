package import Artefacts

/// What is to be made of a file, with what inspection found that it depends on.
package struct RenderOrder: Hashable, Sendable, Codable {
    package var mimeType: MediaType
    package var kinds: [DerivativeKind]
    /// What inspection measured.
    package var media: Media

    package init(mimeType: MediaType, kinds: [DerivativeKind], media: Media) {
        self.mimeType = mimeType
        self.kinds = kinds
        self.media = media
    }
}
