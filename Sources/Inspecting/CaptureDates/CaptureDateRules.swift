internal import Artefacts
internal import FoundationEssentials
internal import InspectionWire

/// Decides when something was made, from all the dates that are known of it. Pure.
///
/// The first usable date of the kind's chain wins; at last, when the file arrived.
struct CaptureDateRules {
    private let kind: ArtefactKind
    private let report: InspectionReport?
    private let clues: CaptureClues
    /// Of the sender, if it is declared; otherwise the one that is assumed.
    private let clock: LocalClock
    private let isZoneDeclared: Bool
    /// Everything that was found, also what is not used.
    let candidates: [DateEvidence]
    private let usable: [DateEvidence]

    /// - Parameters:
    ///   - report: `nil` where nobody could look at the file.
    ///   - zone: assumed where nothing says in which zone a local time is.
    init(_ report: InspectionReport?, _ kind: ArtefactKind, clues: CaptureClues, zone: TimeZone) {
        let declared = clues.declared?.timeZone.flatMap { TimeZone(identifier: $0) }
        self.kind = kind
        self.report = report
        self.clues = clues
        clock = LocalClock(zone: declared ?? zone)
        isZoneDeclared = declared != nil
        let modified = clues.declared?.lastModified.map {
            DateEvidence(raw: Instant.text(of: $0), source: .clientModified, at: $0, offset: 0, meaning: .modified)
        }
        candidates =
            (report?.dates ?? []) + [FileNameDate.evidence(in: clues.fileName), modified].compactMap(\.self)
        usable = candidates.filter { $0.isUsable(clues) }
    }

    /// What is worth to be known of the decision.
    enum Flag: String, Encodable {
        /// Local time, in a zone that nothing names.
        case assumedZone
        /// The dates of a movie and its tracks are further apart than it is long.
        case edited
        /// Two sources of the original date are more than a day apart.
        case disagreement
    }

    /// The best date.
    var captured: CaptureDate { decision.date }

    /// In a fixed order.
    var flags: [Flag] {
        (decision.isZoneAssumed ? [Flag.assumedZone] : []) + (isEdited ? [.edited] : [])
            + (areInDisagreement ? [.disagreement] : [])
    }

    private typealias Decision = (date: CaptureDate, isZoneAssumed: Bool)

    private var decision: Decision {
        for source in CaptureChain.sources(for: kind) {
            if let evidence = usable.first(where: { $0.source == source }) { return date(evidence) }
        }
        return (.received(at: clues.receivedAt), false)
    }

    private func date(_ evidence: DateEvidence) -> Decision {
        if evidence.source == .containerCreation { return container(evidence) }
        if evidence.source == .fileName, let modified = modifiedOnDay(of: evidence) {
            let date = CaptureDate(
                at: modified.at, precision: .second, source: .clientModified, confidence: .c, offset: nil)
            return (date, false)
        }
        let confidence = CaptureChain.confidence(in: evidence)
        let known = evidence.offset ?? (isPlaced(evidence) ? nil : offsetBySatellites(evidence))
        guard let offset = known else { return local(evidence.at, evidence, confidence) }
        let at = evidence.offset == nil ? evidence.at.addingTimeInterval(-Double(offset)) : evidence.at
        return (self.date(at, evidence, confidence, offset: Self.saysPlace(evidence) ? offset : nil), false)
    }

    private func local(
        _ local: Date, _ evidence: DateEvidence, _ confidence: CaptureDate.Confidence
    ) -> Decision {
        let isPlaced = isPlaced(evidence)
        let isKnown = isPlaced || isZoneDeclared
        let clock = isPlaced ? LocalClock(zone: .unitedKingdom) : clock
        let at = clock.instant(ofLocal: local)
        // A date without an offset is shown as people in the United Kingdom see it.
        let isShownRight = !isKnown && clock.zone.identifier == TimeZone.unitedKingdom.identifier
        return (date(at, evidence, confidence, offset: isShownRight ? nil : clock.offset(at: at)), !isKnown)
    }

    /// Whether the place where it was made tells the zone; a change may have been made elsewhere.
    private func isPlaced(_ evidence: DateEvidence) -> Bool {
        evidence.source != .exifModified && report?.position.map(BritishIsles.contains) ?? false
    }

    private func date(
        _ at: Date, _ evidence: DateEvidence, _ confidence: CaptureDate.Confidence, offset: Int?
    ) -> CaptureDate {
        CaptureDate(
            at: at, precision: evidence.precision, source: evidence.source, confidence: confidence, offset: offset)
    }

    /// Whether an offset is that of the place: what is always written in UTC says nothing of it.
    private static func saysPlace(_ evidence: DateEvidence) -> Bool {
        switch evidence.source {
        case .positionTime, .fileName, .clientModified: false
        case .documentCreation: evidence.offset != 0
        default: true
        }
    }

    private func container(_ evidence: DateEvidence) -> Decision {
        switch report?.mimeType.subtype {
        case "webm", "x-matroska": return (date(evidence.at, evidence, .b, offset: nil), false)
        case "x-msvideo": return local(evidence.at, evidence, .c)
        case "x-ms-wmv", "x-ms-wma": return (date(evidence.at, evidence, .c, offset: nil), false)
        default: break
        }
        let start = MovieClock(
            written: evidence.at, duration: report?.media.duration ?? 0, device: report?.device,
            // A messenger names the time of the message, not of the recording.
            name: usable.first { $0.source == .fileName && $0.precision == .second && $0.meaning != .sent }
        ).start
        switch start {
        case .instant(let at, let offset, let confidence):
            return (date(at, evidence, confidence, offset: offset), false)
        case .local(let at, let confidence): return local(at, evidence, confidence)
        }
    }

    /// Local time minus that of the satellites, as a real offset.
    private func offsetBySatellites(_ evidence: DateEvidence) -> Int? {
        guard [.exifOriginal, .exifDigitised, .xmpOriginal].contains(evidence.source),
            let satellites = usable.first(where: { $0.source == .positionTime })
        else { return nil }
        return RealOffset.nearest(to: evidence.at.timeIntervalSince(satellites.at), within: 30 * 60)
    }

    /// The last change, if it was on the day that a name without a time names.
    private func modifiedOnDay(of name: DateEvidence) -> DateEvidence? {
        guard name.precision == .day, let modified = usable.first(where: { $0.source == .clientModified }) else {
            return nil
        }
        let day = Int((name.at.timeIntervalSince1970 / 86_400).rounded(.down))
        return clock.day(at: modified.at) == day ? modified : nil
    }

    private var isEdited: Bool {
        let times = usable.filter { $0.source == .containerCreation }.map(\.at)
        guard let first = times.min(), let last = times.max() else { return false }
        // Clocks are not read all at once.
        return last.timeIntervalSince(first) > (report?.media.duration ?? 0) + 5
    }

    private var areInDisagreement: Bool {
        let originals = usable.filter { [.exifOriginal, .xmpOriginal].contains($0.source) }.map(\.at)
        guard let first = originals.min(), let last = originals.max() else { return false }
        return last.timeIntervalSince(first) > 24 * 3600
    }
}
