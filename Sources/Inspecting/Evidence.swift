internal import FoundationEssentials
internal import InspectionWire

/// What is kept of an inspection: the report, and which rule of the policy decided.
///
/// As JSON it is a report with one more member, `decision`.
struct Evidence: Encodable {
    let report: InspectionReport
    let decision: Decision

    private enum CodingKeys: String, CodingKey { case decision }
    private enum DecisionKeys: String, CodingKey { case rule, notes }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
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
