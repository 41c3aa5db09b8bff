internal import Artefacts
internal import FoundationEssentials
internal import InspectionWire

/// What follows from a report: keep, hold for a person, or refuse. Pure.
struct Verdict {
    private let report: InspectionReport
    private let name: FileName
    private let receivedAt: Date

    init(_ report: InspectionReport, named name: FileName, receivedAt: Date) {
        self.report = report
        self.name = name
        self.receivedAt = receivedAt
    }

    /// The finding that goes with the artefact.
    var finding: Finding {
        let (state, reasons) = decision
        return Finding(
            state: state, reasons: reasons, mimeType: report.mimeType, kind: kind, media: report.media,
            captured: CaptureDateRules.choose(from: report.dates, receivedAt: receivedAt))
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
