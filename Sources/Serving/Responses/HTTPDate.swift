internal import FoundationEssentials

/// Instants as header fields have them, such as `Wed, 25 Jun 2014 16:00:00 GMT`.
///
/// Source: RFC 9110, section 5.6.7, IMF-fixdate.
enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func text(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute, .second], from: date)
        func number(_ value: Int?, _ digits: Int = 2) -> String {
            let text = String(value ?? 0)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        let (day, month) = (days[(parts.weekday ?? 1) - 1], months[(parts.month ?? 1) - 1])
        let time = [parts.hour, parts.minute, parts.second].map { number($0) }.joined(separator: ":")
        return "\(day), \(number(parts.day)) \(month) \(number(parts.year, 4)) \(time) GMT"
    }
}
