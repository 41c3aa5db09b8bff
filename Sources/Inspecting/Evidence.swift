internal import FoundationEssentials
internal import InspectionWire

/// What is kept of an inspection: the report, and which rule of the policy decided.
///
/// As JSON it is a report with one more member, `decision`.
struct Evidence: Encodable {
    let report: InspectionReport
    let decision: Decision

    private enum CodingKeys: String, CodingKey {
        case mimeType, magicMimeType, puid, wholeness, features, media, device, dates, tools, decision
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
        try container.encode(report.dates, forKey: .dates)
        try container.encode(report.tools, forKey: .tools)
        var nested = container.nestedContainer(keyedBy: DecisionKeys.self, forKey: .decision)
        try nested.encode(decision.rule, forKey: .rule)
        try nested.encode(decision.notes, forKey: .notes)
    }

    /// `nil` for what cannot be written as JSON, such as a number that is none.
    var json: String? {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .secondsSince1970
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) }
    }
}
