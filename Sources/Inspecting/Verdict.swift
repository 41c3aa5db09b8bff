internal import Artefacts
internal import FoundationEssentials
internal import InspectionWire

/// What follows from a report: keep, hold for a person, or refuse. Pure.
struct Verdict {
    private let report: InspectionReport
    private let name: FileName
    private let clues: CaptureClues
    private let zone: TimeZone

    /// - Parameter zone: assumed for dates that name none.
    init(_ report: InspectionReport, clues: CaptureClues, zone: TimeZone) {
        self.report = report
        self.name = clues.fileName
        self.clues = clues
        self.zone = zone
    }

    /// The finding that goes with the artefact.
    var finding: Finding {
        let (state, reasons) = decision
        let dates = CaptureDateRules(report, kind, clues: clues, zone: zone)
        return Finding(
            state: state, reasons: reasons, mimeType: report.mimeType, kind: kind, media: report.media,
            captured: dates.captured, report: KeptEvidence(report, dates).text)
    }

    private var decision: (ArtefactState, [String]) {
        let type = report.mimeType
        if FormatRules.programs.contains(type) || isScript {
            return (
                .refused,
                [
                    "This file is a program, whatever its name says, and Keepsake does not keep programs. Please send the photo, recording or document itself."
                ]
            )
        }
        if case .damaged = report.wholeness {
            return (
                .held,
                [
                    "The file seems to be cut short or damaged. We kept what arrived. If you still have it, please send it again."
                ]
            )
        }
        if FormatRules.kept.contains(type) { return (.kept, []) }
        return (.held, [FormatRules.reasons[type] ?? FormatRules.unknown])
    }

    /// Scripts are plain text to every sniffer; their names give them away.
    private var isScript: Bool {
        report.mimeType.type == "text" && name.fileExtension.map(FormatRules.scriptExtensions.contains) ?? false
    }

    private var kind: ArtefactKind {
        let type = report.mimeType
        switch type.type {
        case "video": return .video
        case "audio": return .audio
        case "message": return .message
        case "image":
            let isFromCamera = report.device?.make != nil || report.device?.model != nil
            return isFromCamera || FormatRules.photos.contains(type) ? .photo : .drawing
        default: return type == "application/vnd.ms-outlook" ? .message : .document
        }
    }
}
