internal import Artefacts
internal import InspectionWire

/// What the reader of one format found in a file.
struct FormatFinding {
    var mimeType: MediaType
    /// The type where the file turns out to hold sound alone, or `nil` where streams say nothing about the type.
    var soundType: MediaType?
    /// Whether it is to be opened as sound or film.
    var isRecording: Bool
    var puid: PUID?
    var wholeness: Wholeness = .unknown
    var features: Set<Feature> = []
    /// Pixels.
    var width: Int?
    var height: Int?
    /// Seconds.
    var duration: Double?
    var pages: Int?
    /// The EXIF block, which begins with `Exif\0\0`.
    var exif: [UInt8]?
    /// A packet of XMP.
    var xmp: [UInt8]?
    /// The dates that the format has in a way of its own.
    var dates: [DateEvidence] = []
    /// Whether it tells where something was made in a way of its own.
    var hasPosition = false
    /// Where that was, as far as it can be read.
    var position: Position?
    /// The first boxes of an MP4 and its kin.
    var boxes: [Box] = []
    /// Where the format says that it ends; what stands behind is looked at.
    var end: Int64?

    init(_ mimeType: MediaType, sound: MediaType? = nil, puid: PUID? = nil, wholeness: Wholeness = .unknown) {
        self.mimeType = mimeType
        soundType = sound
        isRecording = sound != nil
        self.puid = puid
        self.wholeness = wholeness
    }
}

extension Wholeness {
    /// `whole`, or damaged with this evidence.
    static func whole(_ isWhole: Bool, or evidence: String) -> Wholeness {
        isWhole ? .whole : .damaged(evidence: evidence)
    }

    var isDamaged: Bool { if case .damaged = self { true } else { false } }

    /// Damaged where either is, and known only where both are.
    func and(_ other: Wholeness) -> Wholeness {
        if isDamaged { return self }
        if other.isDamaged { return other }
        return self == .whole ? other : self
    }
}
