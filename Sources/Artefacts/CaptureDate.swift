package import FoundationEssentials

/// When something was made, as far as it can be known.
///
/// Source: the capture-date rules (`Inspecting/CaptureDates`).
package struct CaptureDate: Hashable, Sendable, Codable {
    /// How finely the instant is known.
    package enum Precision: String, Sendable, Codable { case second, minute, day, month, year }

    /// Where the instant was found.
    package enum Source: String, Sendable, Codable {
        // Pictures.
        case exifOriginal, exifDigitised, exifModified
        case xmpOriginal, xmpCreation
        case positionTime
        case pngCreation
        // Recordings.
        case quickTimeKeys
        /// A tag of the maker of the device.
        case makerOriginal
        /// Of MP4 and its kin (mvhd), Matroska, AVI or ASF.
        case containerCreation
        /// Of a broadcast WAV.
        case bextOrigination
        /// ID3, Vorbis comments, RIFF INFO.
        case audioTag
        // Documents.
        case mailSent
        case documentCreation, documentModification
        // Beside the content.
        case fileName
        case clientModified
        case person
        case received
    }

    /// How far the instant can be trusted; `a` is best.
    package enum Confidence: String, Sendable, Codable { case a = "A", b = "B", c = "C", d = "D", e = "E" }

    /// The instant.
    package let at: Date
    package let precision: Precision
    package let source: Source
    package let confidence: Confidence
    /// Seconds east of UTC where it happened, or `nil` where that is unknown.
    package let offset: Int?

    package init(at: Date, precision: Precision, source: Source, confidence: Confidence, offset: Int?) {
        self.at = at
        self.precision = precision
        self.source = source
        self.confidence = confidence
        self.offset = offset
    }

    /// What is left where a file says nothing: when it arrived.
    package static func received(at instant: Date) -> CaptureDate {
        CaptureDate(at: instant, precision: .second, source: .received, confidence: .e, offset: 0)
    }

    /// ``offset`` for showing the date to people; `nil`, which is local time in
    /// the United Kingdom, also for what is only known to have arrived.
    package var shownOffset: Int? { source == .received ? nil : offset }
}
