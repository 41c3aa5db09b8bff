package import FoundationEssentials

/// What a person keeps: a blob with its description.
package struct Artefact: Hashable, Sendable {
    package let id: ArtefactID
    package let digest: Digest
    /// Bytes in the blob.
    package let size: Int64
    package let fileName: FileName
    /// What the client said the bytes were; evidence, never trusted.
    package let declaredMimeType: MediaType?
    package let receivedAt: Date
    /// What the client said of the file's time; evidence, never trusted.
    package let declaredTimes: DeclaredTimes?
    /// What inspection made of the bytes.
    package var finding: Finding
    /// Whether the stored bytes were found not to be what was received.
    package let isDamaged: Bool
    /// What was made of it, so that people can see or hear it.
    package var derivatives: Derivatives

    /// - Parameter derivatives: `nil`: none yet, and some are to be made if it is kept.
    package init(
        id: ArtefactID, digest: Digest, size: Int64, fileName: FileName,
        declaredMimeType: MediaType?, receivedAt: Date, declaredTimes: DeclaredTimes? = nil, finding: Finding,
        isDamaged: Bool = false, derivatives: Derivatives? = nil
    ) {
        self.id = id
        self.digest = digest
        self.size = size
        self.fileName = fileName
        self.declaredMimeType = declaredMimeType
        self.receivedAt = receivedAt
        self.declaredTimes = declaredTimes
        self.finding = finding
        self.isDamaged = isDamaged
        self.derivatives = derivatives ?? Derivatives(isPending: finding.state == .kept)
    }
}

/// What the artefact is to the person looking at the timeline.
package enum ArtefactKind: String, Sendable, Codable, CaseIterable {
    case drawing, photo, video, audio, document, message
}

/// Where an artefact stands.
package enum ArtefactState: String, Sendable, Codable {
    /// Safe, and not yet understood.
    case inspecting
    /// Safe, understood, on the timeline.
    case kept
    /// Safe, and waiting for a person; ``Finding/reasons`` say why.
    case held
    /// Not wanted by policy; its bytes are never served.
    case refused
}

/// How the bytes of an artefact may be given to a browser.
package enum Presentation: String, Sendable, Codable {
    /// Shown where the type is one that browsers show without running anything in it.
    case asUsual
    /// Saved, never shown, whatever the type.
    case download
}

/// What inspection found out, and what follows from it.
package struct Finding: Hashable, Sendable {
    package let state: ArtefactState
    /// Plain sentences that say why an artefact is held or refused.
    package let reasons: [String]
    package let mimeType: MediaType
    package let kind: ArtefactKind
    package let media: Media
    package let captured: CaptureDate
    /// The format as PRONOM names it, if it does.
    package let puid: PUID?
    /// The inspector's report as JSON, kept as evidence: what was found, by which tools.
    package let report: String?
    package let presentation: Presentation

    package init(
        state: ArtefactState, reasons: [String], mimeType: MediaType, kind: ArtefactKind,
        media: Media, captured: CaptureDate, puid: PUID? = nil, report: String? = nil,
        presentation: Presentation = .asUsual
    ) {
        self.state = state
        self.reasons = reasons
        self.mimeType = mimeType
        self.kind = kind
        self.media = media
        self.captured = captured
        self.puid = puid
        self.report = report
        self.presentation = presentation
    }

    /// Whether the file tells where it was made, or nobody knows whether it does:
    /// of one that was never understood, nobody can say.
    package var mayTellPlace: Bool { media.hasLocation || report == nil || mimeType == .unknown }

    /// Whether a browser may show the original itself.
    package var mayBeShown: Bool { state == .kept && presentation == .asUsual && mimeType.isShownInBrowsers }
}

/// The measurable properties of an image, a recording or a document.
package struct Media: Hashable, Sendable, Codable {
    /// Pixels, before ``orientation`` is applied.
    package var width: Int?
    package var height: Int?
    /// EXIF orientation, 1 to 8.
    package var orientation: Int?
    /// Seconds.
    package var duration: Double?
    package var codecs: [String]
    /// Pages, sheets or slides.
    package var pages: Int?
    /// Whether the file carries a position. The position itself is not here.
    package var hasLocation: Bool

    package init(
        width: Int? = nil, height: Int? = nil, orientation: Int? = nil, duration: Double? = nil,
        codecs: [String] = [], pages: Int? = nil, hasLocation: Bool = false
    ) {
        self.width = width
        self.height = height
        self.orientation = orientation
        self.duration = duration
        self.codecs = codecs
        self.pages = pages
        self.hasLocation = hasLocation
    }
}
