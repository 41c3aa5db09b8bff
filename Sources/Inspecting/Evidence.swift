internal import FoundationEssentials
internal import InspectionWire

/// What is kept of an inspection: the report with every candidate for the date,
/// what is to be known of the date that was chosen, and which rule of the policy
/// decided.
///
/// As JSON it is a report with two more members, `dateFlags` and `decision`. The
/// position is not in it: it is kept apart.
struct Evidence: Encodable {
    private let report: InspectionReport
    private let dates: CaptureDateRules
    private let decision: Decision

    /// Most bytes; what is longer is not kept.
    private static let maximumSize = 32 << 10

    init(report: InspectionReport, dates: CaptureDateRules, decision: Decision) {
        self.report = report
        self.dates = dates
        self.decision = decision
    }

    private enum CodingKeys: String, CodingKey {
        case mimeType, magicMimeType, puid, wholeness, features, media, device, dates, dateFlags, tools, decision
    }
    private enum DecisionKeys: String, CodingKey { case rule, notes }

    /// Each member by its name: what a report may learn to say one day is not for every reader of the index.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(report.mimeType, forKey: .mimeType)
        try container.encode(report.magicMimeType, forKey: .magicMimeType)
        try container.encodeIfPresent(report.puid, forKey: .puid)
        try container.encode(report.wholeness, forKey: .wholeness)
        try container.encode(report.features, forKey: .features)
        try container.encode(report.media, forKey: .media)
        try container.encodeIfPresent(report.device, forKey: .device)
        try container.encode(dates.candidates, forKey: .dates)
        if !dates.flags.isEmpty { try container.encode(dates.flags, forKey: .dateFlags) }
        try container.encode(report.tools, forKey: .tools)
        var nested = container.nestedContainer(keyedBy: DecisionKeys.self, forKey: .decision)
        try nested.encode(decision.rule, forKey: .rule)
        try nested.encode(decision.notes, forKey: .notes)
    }

    /// `nil` where it would be too long, or cannot be written as JSON, such as a number that is none.
    var json: String? {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .secondsSince1970
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).flatMap {
            $0.count <= Self.maximumSize ? String(decoding: $0, as: UTF8.self) : nil
        }
    }
}
