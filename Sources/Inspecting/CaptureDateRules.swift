internal import Artefacts
internal import FoundationEssentials
internal import InspectionWire

/// Decides when something was made, from all the dates found in a file. Pure.
///
/// The first usable date of the chain wins: a camera's original date, the date
/// a phone wrote for people, the container's, the digitisation, the
/// modification; at last, when the file arrived.
///
/// Source: EXIF 2.32; ISO/IEC 14496-12 (mvhd); Apple QuickTime metadata keys.
enum CaptureDateRules {
    private static let chain: [CaptureDate.Source] = [
        .exifOriginal, .quickTimeKeys, .exifDigitised, .containerCreation, .exifModified,
    ]

    /// The best date of the evidence.
    static func choose(from dates: [DateEvidence], receivedAt: Date) -> CaptureDate {
        for source in chain {
            if let evidence = dates.first(where: { $0.source == source && isUsable($0, receivedAt) }) {
                return date(evidence)
            }
        }
        return CaptureDate(at: receivedAt, precision: .second, source: .received, confidence: .e, offset: 0)
    }

    private static func date(_ evidence: DateEvidence) -> CaptureDate {
        CaptureDate(
            at: evidence.offset == nil ? UnitedKingdom.instant(ofLocal: evidence.at) : evidence.at,
            precision: .second, source: evidence.source, confidence: confidence(evidence),
            // A container's clock is UTC, and says nothing about the place.
            offset: evidence.source == .containerCreation ? nil : evidence.offset)
    }

    private static func confidence(_ evidence: DateEvidence) -> CaptureDate.Confidence {
        switch evidence.source {
        case .exifOriginal, .quickTimeKeys: evidence.offset == nil ? .b : .a
        case .exifDigitised: .b
        case .containerCreation: .c
        default: .d
        }
    }

    /// What a clock says that was never set is no date.
    private static func isUsable(_ evidence: DateEvidence, _ receivedAt: Date) -> Bool {
        let text = evidence.raw.prefix(19).map { ":T".contains($0) ? "-" : $0 }
        let written = String(text).replacing(" ", with: "-")
        return !written.hasPrefix("1904-01-01") && !written.hasPrefix("1970-01-01-00-00-00")
            && !written.hasPrefix("1980-01-01") && written != "2002-12-08-12-00-00" && !written.hasPrefix("0000")
            && evidence.at <= receivedAt.addingTimeInterval(24 * 3600)
    }
}

/// Local time in the United Kingdom, which is assumed where a file names no zone.
enum UnitedKingdom {
    /// The instant at which clocks there showed `local`, given as if it were UTC.
    ///
    /// Summer time is from the last Sunday of March to the last of October,
    /// 01:00 UTC; the hour that happens twice is taken as the first.
    ///
    /// Source: the Summer Time Act 1972 as amended by SI 2002/262.
    static func instant(ofLocal local: Date) -> Date {
        let summer = local.addingTimeInterval(-3600)
        return isSummer(summer) ? summer : local
    }

    private static func isSummer(_ instant: Date) -> Bool {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let year = calendar.component(.year, from: instant)
        guard let begin = lastSunday(of: 3, year, calendar), let end = lastSunday(of: 10, year, calendar) else {
            return false
        }
        return begin <= instant && instant < end
    }

    /// 01:00 UTC on the last Sunday of a month that has 31 days.
    private static func lastSunday(of month: Int, _ year: Int, _ calendar: Calendar) -> Date? {
        guard let last = calendar.date(from: DateComponents(year: year, month: month, day: 31, hour: 1)) else {
            return nil
        }
        let sinceSunday = calendar.component(.weekday, from: last) - 1
        return calendar.date(byAdding: .day, value: -sinceSunday, to: last)
    }
}
