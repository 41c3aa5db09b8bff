internal import Artefacts
internal import FoundationEssentials
internal import InspectionWire

/// What follows from a report: keep, hold for a person, or refuse. Pure.
///
/// The policy decides; here is only what it cannot say.
struct Verdict {
    private let report: InspectionReport
    private let name: FileName
    private let clues: CaptureClues
    private let zone: TimeZone
    private let rule: FormatRule

    /// - Parameter zone: assumed for dates that name none.
    init(_ report: InspectionReport, clues: CaptureClues, zone: TimeZone, by policy: FormatPolicy) {
        self.report = report
        self.name = clues.fileName
        self.clues = clues
        self.zone = zone
        rule = policy.rule(for: report, named: clues.fileName)
    }

    var decision: Decision {
        Decision(outcome: rule.outcome, rule: rule.name, notes: hasOtherExtension ? [.extensionMismatch] : [])
    }

    /// The finding that goes with the artefact.
    var finding: Finding {
        let (state, reasons, presentation) = result
        let dates = CaptureDateRules(report, kind, clues: clues, zone: zone)
        return Finding(
            state: state, reasons: reasons, mimeType: report.mimeType, kind: kind, media: report.media,
            captured: dates.captured, puid: report.puid,
            report: Evidence(report: report, dates: dates, decision: decision).json, presentation: presentation)
    }

    /// Whether the rule that decided would decide the same, whatever follows this beginning of a file.
    var isSureFromTheBeginning: Bool { rule.condition.needsOnlyTheBeginning }

    private var result: (ArtefactState, [String], Presentation) {
        switch rule.outcome {
        case .accept(let presentation): (.kept, [], presentation)
        case .hold(let sentence): (.held, [filled(sentence)], .download)
        case .refuse(let sentence): (.refused, [filled(sentence)], .download)
        }
    }

    /// An Apple helper file is named `._IMG_1.JPG` after its file; a ``FileName`` has lost the full stop.
    private func filled(_ sentence: String) -> String {
        sentence.replacing("{original}", with: name.text.hasPrefix("_") ? String(name.text.dropFirst()) : name.text)
    }

    private var hasOtherExtension: Bool {
        guard let ending = name.fileExtension else { return false }
        let usual = report.mimeType.fileExtensions
        return !usual.isEmpty && !usual.contains(ending)
    }

    /// Cameras make these; drawings are sent in others.
    private static let photos: Set<MediaType> = ["image/jpeg", "image/heic", "image/heif", "image/dng"]

    /// Documents of programs for drawing.
    private static let drawings: Set<MediaType> = ["application/x-procreate", "application/x-krita"]

    private var kind: ArtefactKind {
        let type = report.mimeType
        switch type.type {
        case "video": return .video
        case "audio": return .audio
        case "message": return .message
        case "image":
            let isFromCamera = report.device?.make != nil || report.device?.model != nil
            return isFromCamera || Self.photos.contains(type) ? .photo : .drawing
        case _ where Self.drawings.contains(type): return .drawing
        default: return type == "application/vnd.ms-outlook" ? .message : .document
        }
    }
}
