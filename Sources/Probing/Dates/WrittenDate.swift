internal import Artefacts
internal import FoundationEssentials

/// A date of the Gregorian calendar as somebody wrote it, as finely as it was written.
struct WrittenDate {
    var year: Int
    var month: Int?
    var day: Int?
    var hour: Int?
    var minute: Int?
    var second: Int?
    /// Of a second.
    var fraction = 0.0
    /// Seconds east of UTC, or `nil` where it is local time somewhere.
    var offset: Int?

    /// Whether there is such a day and such a time.
    var isPossible: Bool {
        guard (1...9999).contains(year), (1...12).contains(month ?? 1) else { return false }
        return (1...Self.days(in: month ?? 1, of: year)).contains(day ?? 1) && (0...23).contains(hour ?? 0)
            && (0...59).contains(minute ?? 0) && (0...60).contains(second ?? 0)
    }

    /// The instant, or the local time read as UTC; the beginning of what was written.
    var at: Date {
        let seconds = (hour ?? 0) * 3600 + (minute ?? 0) * 60 + min(second ?? 0, 59)
        let days = Self.daysSince1970(year, month ?? 1, day ?? 1)
        return Date(timeIntervalSince1970: Double(days * 86_400 + seconds - (offset ?? 0)) + fraction)
    }

    var precision: CaptureDate.Precision {
        if second != nil { return .second }
        if hour != nil { return .minute }
        if day != nil { return .day }
        return month != nil ? .month : .year
    }

    /// `2026-06-02T10:11:12Z`, for instants that a file has as a number.
    static func text(of instant: Date) -> String {
        let seconds = Int(instant.timeIntervalSince1970.rounded(.down))
        let (days, time) = (seconds.floorDivided(by: 86_400), seconds.modulo(86_400))
        let (year, month, day) = civil(days)
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return String(repeating: "0", count: max(0, 4 - String(year).count))
            + "\(year)-\(two(month))-\(two(day))T\(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60))Z"
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.floorDivided(by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Source: as above, civil_from_days.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let index = (5 * dayOfYear + 2) / 153
        let month = index < 10 ? index + 3 : index - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * index + 2) / 5 + 1)
    }
}

extension Int {
    fileprivate func floorDivided(by divisor: Int) -> Int { (self - modulo(divisor)) / divisor }
    fileprivate func modulo(_ divisor: Int) -> Int { (self % divisor + divisor) % divisor }
}
