internal import FoundationEssentials
internal import Synchronization

/// The field `Date`, which is written anew once a second.
final class DateField: Sendable {
    private struct Written {
        var second: Int
        var text: String
    }

    private let last = Mutex(Written(second: 0, text: ""))

    /// Now.
    var text: String {
        let now = Date()
        let second = Int(now.timeIntervalSince1970)
        return last.withLock { last in
            if last.second != second { last = Written(second: second, text: HTTPDate.text(now)) }
            return last.text
        }
    }
}
