internal import Artefacts
internal import FoundationEssentials

/// How the pages say things to people. Pure.
enum Wording {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ]

    /// “24 November 2026, 08:15”, in the place's own time where that is known,
    /// else in that of the United Kingdom.
    static func instant(_ date: Date, offset: Int?) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone =
            offset.flatMap { TimeZone(secondsFromGMT: $0) } ?? TimeZone(identifier: "Europe/London") ?? .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
        func two(_ number: Int?) -> String { ((number ?? 0) < 10 ? "0" : "") + String(number ?? 0) }
        let month = months[(parts.month ?? 1) - 1]
        return "\(parts.day ?? 0) \(month) \(parts.year ?? 0), \(two(parts.hour)):\(two(parts.minute))"
    }

    /// “3.2 MB”, in powers of ten as phones show it.
    static func size(_ bytes: Int64) -> String {
        let units: [(Int64, String)] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")]
        for (unit, name) in units where bytes >= unit {
            let tenths = (bytes * 10 + unit / 2) / unit
            return tenths >= 100 ? "\((tenths + 5) / 10) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
        }
        return "\(bytes) bytes"
    }

    /// “0:42” or “1:02:03”.
    static func duration(_ seconds: Double) -> String {
        let total = Int(seconds.rounded())
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return total < 3600
            ? "\(total / 60):\(two(total % 60))" : "\(total / 3600):\(two(total / 60 % 60)):\(two(total % 60))"
    }

    static func kind(_ kind: ArtefactKind) -> String {
        switch kind {
        case .drawing: "Drawing"
        case .photo: "Photo"
        case .video: "Video"
        case .audio: "Recording"
        case .document: "Document"
        case .message: "Message"
        }
    }

    static func voice(_ voice: Voice) -> String {
        switch voice {
        case .direct: "In the child’s own voice"
        case .throughWorker: "Told to a worker"
        case .about: "About the child"
        }
    }

    static func lens(_ lens: Lens) -> String {
        switch lens {
        case .life: "What my life is like"
        case .day: "What I do each day"
        case .feelings: "How I feel"
        case .change: "How I want things to change"
        }
    }

    static func visibility(_ visibility: Visibility) -> String? {
        switch visibility {
        case .everyone: nil
        case .child: "Only the child and their workers"
        case .workers: "Only workers"
        }
    }
}
