internal import FoundationEssentials
internal import InspectionWire

/// What is kept of a report with the artefact, as JSON: the report with every
/// candidate for the date, and what is to be known of the decision.
///
/// The position is not in it: it is kept apart.
struct KeptEvidence: Encodable {
    private let report: InspectionReport
    private let flags: [CaptureDateRules.Flag]

    /// Most bytes; what is longer is not kept.
    private static let maximumSize = 32 << 10

    init(_ report: InspectionReport, _ rules: CaptureDateRules) {
        var kept = report
        kept.dates = rules.candidates
        kept.position = nil
        self.report = kept
        flags = rules.flags
    }

    private enum CodingKeys: String, CodingKey { case dateFlags }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        if !flags.isEmpty { try container.encode(flags, forKey: .dateFlags) }
    }

    /// The text; `nil` where it would be too long.
    var text: String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .secondsSince1970
        return (try? encoder.encode(self)).flatMap {
            $0.count <= Self.maximumSize ? String(decoding: $0, as: UTF8.self) : nil
        }
    }
}
