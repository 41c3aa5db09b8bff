package import FoundationEssentials

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

    /// Whether a derivative of this kind can have the type: one that browsers
    /// show without running anything in it.
    package func mayBe(_ type: MediaType, of original: MediaType) -> Bool {
        switch self {
        case .thumbnail, .poster, .waveformPicture: ["image/jpeg", "image/png", "image/webp"].contains(type)
        case .waveform: type == "application/json"
        case .preview: type.isShownInBrowsers
        case .text: type == "text/plain"
        case .withoutLocation: type == original
        }
    }
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

/// One that could not be made; it is not tried again by itself.
package struct DerivativeFailure: Hashable, Sendable, Codable {
    package let kind: DerivativeKind
    /// A short technical phrase, for whoever runs Keepsake.
    package let reason: String

    package init(kind: DerivativeKind, reason: String) {
        self.kind = kind
        self.reason = reason
    }
}

/// What was made of an artefact, and how that stands.
package struct Derivatives: Hashable, Sendable {
    /// In the order of the names of their kinds.
    package var made: [Derivative]
    /// In the order of the names of their kinds.
    package var failed: [DerivativeFailure]
    /// Whether some are still to be made, or to be made anew.
    package var isPending: Bool

    package init(made: [Derivative] = [], failed: [DerivativeFailure] = [], isPending: Bool = false) {
        self.made = made
        self.failed = failed
        self.isPending = isPending
    }

    /// The one of that kind, if it was made.
    package subscript(kind: DerivativeKind) -> Derivative? { made.first { $0.kind == kind } }
}

/// What came of making one derivative, as it is kept for evidence.
package struct DerivativeOutcome: Hashable, Sendable {
    package enum Result: Hashable, Sendable {
        case made(Derivative)
        case failed(DerivativeFailure)
    }

    package let result: Result
    package let at: Date
    /// Name and version of what took part; none until all that was to be made was tried.
    package let tools: [String: String]

    package init(_ result: Result, at: Date, tools: [String: String] = [:]) {
        self.result = result
        self.at = at
        self.tools = tools
    }

    package var kind: DerivativeKind {
        switch result {
        case .made(let derivative): derivative.kind
        case .failed(let failure): failure.kind
        }
    }
}
