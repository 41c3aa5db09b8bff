package import Artefacts
internal import FoundationEssentials

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

    /// The order as it goes with a request: JSON.
    package func encoded() throws -> [UInt8] { Array(try JSONEncoder().encode(self)) }

    /// Reads what ``encoded()`` wrote.
    ///
    /// - Throws: ``InspectionWireError/malformed``
    package init(decoding bytes: [UInt8]) throws(InspectionWireError) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch {
            throw .malformed
        }
    }
}
