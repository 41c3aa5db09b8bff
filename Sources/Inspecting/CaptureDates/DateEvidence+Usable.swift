internal import Artefacts
internal import FoundationEssentials
internal import InspectionWire

extension DateEvidence {
    /// Whether the date can be one on which something was made: what a clock
    /// says that was never set is none, and neither is the future.
    func isUsable(_ clues: CaptureClues) -> Bool {
        guard at != Self.impossible, at <= clues.receivedAt.addingTimeInterval(24 * 3600),
            at >= clues.notBefore ?? .distantPast
        else { return false }
        // Both what was written and the instant that it means.
        let written = at.addingTimeInterval(Double(offset ?? 0)).timeIntervalSince1970
        return ![written, at.timeIntervalSince1970].contains(where: Self.isNeverSet)
            && !(source == .documentCreation && Self.ofTemplates.contains(at))
    }

    private static func isNeverSet(_ seconds: Double) -> Bool {
        let day = Int((seconds / 86_400).rounded(.down))
        // 1904-01-01, where Apple's clocks begin, and 1980-01-01, where those of DOS do;
        // 1970-01-01T00:00:00, and 2002-12-08T12:00:00 of many cameras.
        return day == -24_107 || day == 3652 || (0..<1).contains(seconds)
            || (1_039_348_800..<1_039_348_801).contains(seconds)
    }

    /// Documents made from these carry the date of the template as their own.
    private static let ofTemplates: Set<Date> = [
        Date(timeIntervalSince1970: 1_158_364_800),  // 2006-09-16T00:00:00Z, Excel
        Date(timeIntervalSince1970: 1_433_528_240),  // 2015-06-05T18:17:20Z, Excel
        Date(timeIntervalSince1970: 1_155_686_400),  // 2006-08-16T00:00:00Z, PowerPoint and Canva
        Date(timeIntervalSince1970: 1_387_840_500),  // 2013-12-23T23:15:00Z, python-docx
        Date(timeIntervalSince1970: 1_359_278_056),  // 2013-01-27T09:14:16Z, python-pptx
        Date(timeIntervalSince1970: 946_684_800),  // 2000-01-01T00:00:00Z, ReportLab
    ]
}
