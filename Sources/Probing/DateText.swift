internal import Artefacts
internal import FoundationEssentials
internal import InspectionWire

/// Reads dates as files write them.
enum DateText {
    /// A date of EXIF: local time, and its own offset where it has one.
    ///
    /// `nil` where the text holds no possible date.
    static func evidence(_ instant: ExifBlock.Instant, _ source: CaptureDate.Source) -> DateEvidence? {
        let fields = instant.text.split { ": ".contains($0) }.compactMap { Int($0) }
        guard fields.count == 6, let local = date(fields) else { return nil }
        let fraction = instant.subseconds.flatMap { Double("0." + $0.filter(\.isASCIIDigit)) } ?? 0
        let offset = instant.offset.flatMap(seconds)
        return DateEvidence(
            raw: String(
                "\(instant.text)\(instant.subseconds.map { "." + $0 } ?? "")\(instant.offset ?? "")".prefix(64)),
            source: source, at: local.addingTimeInterval(fraction - Double(offset ?? 0)), offset: offset)
    }

    /// A tag of a container: `2026-05-01T12:00:00.000000Z` or with `+0100`.
    static func evidence(_ text: String, _ source: CaptureDate.Source) -> DateEvidence? {
        let fields = text.prefix(19).split { "-:T ".contains($0) }.compactMap { Int($0) }
        guard fields.count == 6, let local = date(fields) else { return nil }
        let rest = text.dropFirst(19)
        let zone = rest.drop { $0 == "." || $0.isASCIIDigit }
        let isUTC = zone.hasPrefix("Z")
        let offset = isUTC ? nil : seconds(String(zone))
        return DateEvidence(
            raw: String(text.prefix(64)), source: source,
            at: local.addingTimeInterval(-Double(offset ?? 0)), offset: isUTC ? 0 : offset)
    }

    /// `+01:00` or `+0100` in seconds.
    private static func seconds(_ text: String) -> Int? {
        let digits = text.dropFirst().filter(\.isASCIIDigit)
        guard let sign = text.first, "+-".contains(sign), digits.count == 4, let number = Int(digits) else {
            return nil
        }
        let seconds = number / 100 * 3600 + number % 100 * 60
        return seconds <= 14 * 3600 ? (sign == "-" ? -seconds : seconds) : nil
    }

    private static func date(_ fields: [Int]) -> Date? {
        guard (1...9999).contains(fields[0]), (1...12).contains(fields[1]), (1...31).contains(fields[2]),
            (0...23).contains(fields[3]), (0...59).contains(fields[4]), (0...60).contains(fields[5])
        else { return nil }
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        let year = String(repeating: "0", count: 4 - String(fields[0]).count) + String(fields[0])
        let text =
            "\(year)-\(two(fields[1]))-\(two(fields[2]))T\(two(fields[3])):\(two(fields[4])):\(two(min(fields[5], 59)))Z"
        return try? Date(text, strategy: .iso8601)
    }
}

extension Character {
    var isASCIIDigit: Bool { isASCII && isNumber }
}
