import Artefacts
import FoundationEssentials
import Inspecting
import InspectionWire

/// What `keepsake inspect` says of one file: the line for programs.
struct InspectedFile: Encodable {
    let path: String
    let mimeType: MediaType
    let puid: PUID?
    let verdict: String
    let reasons: [String]
    let media: Media
    let captured: Captured
    let kind: ArtefactKind
    /// Absent where there is no report.
    let wholeness: String?
    let damage: String?
    let features: [Feature]
    let notes: [Decision.Note]
    let presentation: Presentation
    /// The rule of the policy; absent where it was not asked.
    let rule: String?

    /// Every date in the file, for people.
    let dates: [DateEvidence]

    private enum CodingKeys: String, CodingKey {
        case path, mimeType, puid, verdict, reasons, media, captured, kind, wholeness, damage, features, notes
        case presentation, rule
    }

    struct Captured: Encodable {
        let at: String
        let precision: CaptureDate.Precision
        let source: CaptureDate.Source
        let confidence: CaptureDate.Confidence
        let offset: String?

        init(_ date: CaptureDate) {
            at = Instant.text(of: date.at)
            precision = date.precision
            source = date.source
            confidence = date.confidence
            offset = date.offset.map(Instant.text(ofOffset:))
        }
    }

    /// What the contract names is there also where it is null.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(path, forKey: .path)
        try container.encode(mimeType, forKey: .mimeType)
        try container.encode(puid, forKey: .puid)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(reasons, forKey: .reasons)
        try container.encode(media, forKey: .media)
        try container.encode(captured, forKey: .captured)
        try container.encode(kind, forKey: .kind)
        try container.encode(wholeness, forKey: .wholeness)
        try container.encodeIfPresent(damage, forKey: .damage)
        try container.encode(features, forKey: .features)
        try container.encode(notes, forKey: .notes)
        try container.encode(presentation, forKey: .presentation)
        try container.encode(rule, forKey: .rule)
    }

    init(path: String, _ inspection: Inspection) {
        let (report, finding) = (inspection.report, inspection.finding)
        self.path = path
        mimeType = finding.mimeType
        puid = finding.puid
        verdict =
            switch finding.state {
            case .kept: "accept"
            case .refused: "refuse"
            case .held, .inspecting: "hold"
            }
        reasons = finding.reasons
        media = finding.media
        captured = Captured(finding.captured)
        kind = finding.kind
        (wholeness, damage) = Self.words(report?.wholeness)
        features = report?.features ?? []
        notes = inspection.decision?.notes ?? []
        presentation = finding.presentation
        rule = inspection.decision?.rule
        dates = report?.dates ?? []
    }

    private static func words(_ wholeness: Wholeness?) -> (String?, String?) {
        switch wholeness {
        case nil: (nil, nil)
        case .whole: ("whole", nil)
        case .unknown: ("unknown", nil)
        case .damaged(let evidence): ("damaged", evidence)
        }
    }
}
