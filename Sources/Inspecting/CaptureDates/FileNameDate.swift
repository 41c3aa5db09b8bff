internal import Artefacts
internal import FoundationEssentials
internal import InspectionWire

/// The date in the name of a file, as phones, messengers and people write it there. Pure.
///
/// Known are a day, `20260501` or `2026-05-01`, and behind it a time:
/// `143015`, `143015250` or `14.30.15`, with what stands between in such names.
/// The time is local, but in the names of Google's camera (`PXL_`), where it is UTC.
enum FileNameDate {
    /// The first date in a name; `nil` where there is none.
    static func evidence(in name: FileName) -> DateEvidence? {
        let parts = parts(of: name.text)
        for index in parts.indices where parts[index].first?.isASCIIDigit == true {
            guard let found = date(in: parts, at: index) else { continue }
            let text = name.text.lowercased()
            let isSent = ["whatsapp", "-wa", "-photo-", "-video-", "-audio-"].contains(where: text.contains)
            let isUTC = index > 0 && parts[index - 1].uppercased().hasSuffix("PXL_")
            return DateEvidence(
                raw: parts[index...found.end].joined(), source: .fileName, at: found.at, offset: isUTC ? 0 : nil,
                precision: found.precision, meaning: isSent ? .sent : .started)
        }
        return nil
    }

    private typealias Found = (at: Date, precision: CaptureDate.Precision, end: Int)

    /// Runs of digits, and what stands between them, in turn.
    private static func parts(of text: String) -> [String] {
        var parts: [String] = []
        for character in text {
            if let last = parts.last?.last, last.isASCIIDigit == character.isASCIIDigit {
                parts[parts.count - 1].append(character)
            } else {
                parts.append(String(character))
            }
        }
        return parts
    }

    private static func date(in parts: [String], at index: Int) -> Found? {
        let run = parts[index]
        switch run.count {
        case 14, 17:
            guard let day = day(run.prefix(8)), let time = time(run.dropFirst(8)) else { return nil }
            return date(day, time, index)
        case 8:
            guard let day = day(run[...]) else { return nil }
            return date(day, behind: index, parts)
        case 4:
            guard parts.count > index + 4, parts[index + 1] == parts[index + 3], "-_.".contains(parts[index + 1]),
                parts[index + 2].count == 2, parts[index + 4].count == 2,
                let day = day((run + parts[index + 2] + parts[index + 4])[...])
            else { return nil }
            return date(day, behind: index + 4, parts)
        default: return nil
        }
    }

    private static let between: Set<String> = ["_", "-", " ", "t", ".", " at ", "_at_", "-at-", ", "]

    /// With the time that stands behind the day, if one does.
    private static func date(_ day: String, behind index: Int, _ parts: [String]) -> Found? {
        guard parts.count > index + 2, between.contains(parts[index + 1].lowercased()) else {
            return date(day, nil, index)
        }
        let run = parts[index + 2]
        if let time = time(run[...]) { return date(day, time, index + 2) }
        guard (1...2).contains(run.count), parts.count > index + 6, parts[index + 3] == parts[index + 5],
            ".-_:".contains(parts[index + 3]), parts[index + 4].count == 2, parts[index + 6].count == 2,
            let hour = hour(run, parts.count > index + 7 ? parts[index + 7] : ""),
            let time = time((hour + parts[index + 4] + parts[index + 6])[...])
        else { return date(day, nil, index) }
        return date(day, time, index + 6)
    }

    /// The hour with two digits of the day's 24.
    private static func hour(_ text: String, _ behind: String) -> String? {
        guard let number = Int(text) else { return nil }
        let half = String(behind.drop { $0.isWhitespace }.prefix(2)).uppercased()
        let hour = ["AM", "PM"].contains(half) && number <= 12 ? number % 12 + (half == "PM" ? 12 : 0) : number
        return (hour < 10 ? "0" : "") + String(hour)
    }

    private static func date(_ day: String, _ time: String?, _ end: Int) -> Found? {
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return (try? Date("\(day)T\(time ?? "00:00:00.000")Z", strategy: format)).map {
            ($0, time == nil ? .day : .second, end)
        }
    }

    /// `20260501` as `2026-05-01`; `nil` where there is no such day, or none that a file is named after.
    private static func day(_ digits: Substring) -> String? {
        let text = "\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))"
        guard let year = Int(digits.prefix(4)), (1900...2099).contains(year) else { return nil }
        return CalendarDay(parsing: text)?.description
    }

    /// `143015` or `143015250` as `14:30:15.250`.
    private static func time(_ digits: Substring) -> String? {
        guard digits.count == 6 || digits.count == 9 else { return nil }
        let numbers = stride(from: 0, to: 6, by: 2).compactMap { Int(digits.dropFirst($0).prefix(2)) }
        guard numbers.count == 3, numbers[0] < 24, numbers[1] < 60, numbers[2] < 60 else { return nil }
        let parts = [digits.prefix(2), digits.dropFirst(2).prefix(2), digits.dropFirst(4).prefix(2)]
        return parts.joined(separator: ":") + "." + (digits.count == 9 ? digits.suffix(3) : "000")
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
