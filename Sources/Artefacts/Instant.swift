package import FoundationEssentials

/// Instants as Keepsake writes them for programs.
///
/// Source: RFC 3339.
package enum Instant {
    private static let milliseconds = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    private static let seconds = Date.ISO8601FormatStyle()

    /// UTC, with milliseconds where there are any.
    package static func text(of date: Date) -> String {
        let count = (date.timeIntervalSince1970 * 1000).rounded()
        guard count.truncatingRemainder(dividingBy: 1000) != 0 else {
            return Date(timeIntervalSince1970: count / 1000).formatted(seconds)
        }
        // From the middle of the millisecond: the format cuts off what is less than one.
        return Date(timeIntervalSince1970: (count + 0.5) / 1000).formatted(milliseconds)
    }

    /// An offset from UTC in seconds, to the minute, as `+01:00`.
    package static func text(ofOffset seconds: Int) -> String {
        let minutes = abs(seconds) / 60
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return (seconds < 0 ? "-" : "+") + two(minutes / 60) + ":" + two(minutes % 60)
    }

    /// Reads an instant with its offset; `nil` where the text is none.
    package static func parse(_ text: String) -> Date? {
        (try? Date(text, strategy: seconds)) ?? (try? Date(text, strategy: milliseconds))
    }
}

extension JSONEncoder.DateEncodingStrategy {
    /// As ``Instant`` writes them.
    package static var instants: Self {
        .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(Instant.text(of: date))
        }
    }
}
