package import Artefacts
package import FoundationEssentials

/// What the inspector found in one file.
///
/// Facts only; what follows from them is decided by the daemon, which takes a
/// report as untrusted input.
package struct InspectionReport: Hashable, Sendable, Codable {
    /// The type from the content, after the inspector weighed its sources.
    package var mimeType: MediaType
    /// What libmagic alone said.
    package var magicMimeType: MediaType
    package var puid: PUID?
    package var wholeness: Wholeness
    /// In the order of ``Feature``, each once.
    package var features: [Feature]
    package var media: Media
    package var device: Device?
    /// Every date found, in the order in which the sources were read; at most ``maximumDates``.
    package var dates: [DateEvidence]
    /// Where it was made. To be kept apart from everything else, and sealed.
    package var position: Position?
    /// Name and version of each library that took part.
    package var tools: [String: String]

    package static let maximumDates = 32

    package init(
        mimeType: MediaType, magicMimeType: MediaType, puid: PUID? = nil, wholeness: Wholeness,
        features: [Feature] = [], media: Media, device: Device?, dates: [DateEvidence], position: Position? = nil,
        tools: [String: String]
    ) {
        self.mimeType = mimeType
        self.magicMimeType = magicMimeType
        self.puid = puid
        self.wholeness = wholeness
        self.features = features
        self.media = media
        self.device = device
        self.dates = dates
        self.position = position
        self.tools = tools
    }
}

/// Whether all of a file seems to be there.
package enum Wholeness: Hashable, Sendable, Codable {
    case whole
    /// `evidence` is a short technical phrase, such as `no end-of-image marker`.
    case damaged(evidence: String)
    /// The type has no end that could be looked for.
    case unknown
}

/// What made a file.
package struct Device: Hashable, Sendable, Codable {
    package var make: String?
    package var model: String?
    package var software: String?

    package init(make: String? = nil, model: String? = nil, software: String? = nil) {
        self.make = make
        self.model = model
        self.software = software
    }
}

/// One date as it stands in a file.
package struct DateEvidence: Hashable, Sendable, Codable {
    /// The text as found, at most 64 characters.
    package var raw: String
    package var source: CaptureDate.Source
    /// The instant, where ``offset`` is known; otherwise the local time read as UTC.
    package var at: Date
    /// Seconds east of UTC, or `nil` where the file does not say.
    package var offset: Int?
    package var precision: CaptureDate.Precision
    package var meaning: Meaning

    /// What ``at`` is where the text holds no possible date: the year 1.
    package static let impossible = Date(timeIntervalSince1970: -62_135_596_800)

    /// What happened at the instant, as the file has it.
    package enum Meaning: String, Sendable, Codable {
        case started, ended, created, digitised, sent, modified
    }

    package init(
        raw: String, source: CaptureDate.Source, at: Date, offset: Int?,
        precision: CaptureDate.Precision = .second, meaning: Meaning = .created
    ) {
        self.raw = raw
        self.source = source
        self.at = at
        self.offset = offset
        self.precision = precision
        self.meaning = meaning
    }
}
