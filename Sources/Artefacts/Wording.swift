package import FoundationEssentials

/// How pages say things to people. Pure.
package enum Wording {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ]

    /// “24 November 2026, 08:15”, in the place's own time where that is known,
    /// else in that of the United Kingdom.
    package static func instant(_ date: Date, offset: Int?) -> String {
        let parts = parts(of: date, offset)
        let month = months[(parts.month ?? 1) - 1]
        return "\(parts.day ?? 0) \(month) \(parts.year ?? 0), \(two(parts.hour ?? 0)):\(two(parts.minute ?? 0))"
    }

    /// When something happened, as finely as it is known: “24 November 2026, 08:15”, “24 November 2026”,
    /// “November 2026” or “2026”.
    package static func date(_ date: CaptureDate) -> String {
        let parts = parts(of: date.at, date.shownOffset)
        let year = String(parts.year ?? 0)
        let month = months[(parts.month ?? 1) - 1] + " " + year
        return switch date.precision {
        case .second, .minute: instant(date.at, offset: date.shownOffset)
        case .day: "\(parts.day ?? 0) " + month
        case .month: month
        case .year: year
        }
    }

    /// “2026-11-24” of the same clocks as ``instant(_:offset:)``, for names of files.
    package static func day(_ date: Date, offset: Int?) -> String {
        let parts = parts(of: date, offset)
        let year = String(parts.year ?? 0)
        return String(repeating: "0", count: max(0, 4 - year.count)) + year
            + "-\(two(parts.month ?? 0))-\(two(parts.day ?? 0))"
    }

    /// “3.2 MB”, in powers of ten as phones show it.
    package static func size(_ bytes: Int64) -> String {
        let units: [(Int64, String)] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")]
        for (unit, name) in units where bytes >= unit {
            let tenths = (bytes * 10 + unit / 2) / unit
            return tenths >= 100 ? "\((tenths + 5) / 10) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
        }
        return "\(bytes) bytes"
    }

    /// “51.50735° north, 0.12776° west”: to about a metre.
    package static func position(_ position: Position) -> String {
        degrees(position.latitude, "north", "south") + ", " + degrees(position.longitude, "east", "west")
    }

    private static func degrees(_ degrees: Double, _ ahead: String, _ behind: String) -> String {
        "\((abs(degrees) * 100_000).rounded() / 100_000)° \(degrees < 0 ? behind : ahead)"
    }

    /// “31 metres above the sea”.
    package static func altitude(_ metres: Double) -> String {
        let whole = Int(metres.rounded())
        return "\(abs(whole)) metres \(whole < 0 ? "below" : "above") the sea"
    }

    /// What in a file says where it was made.
    package static func source(_ source: Position.Source) -> String {
        switch source {
        case .exif: "The camera or phone wrote it into the picture."
        case .xmp: "A program wrote it into the file."
        case .sidecar: "The service that the photo was kept with wrote it down."
        case .recording: "The camera or phone wrote it into the recording."
        }
    }

    /// “0:42” or “1:02:03”.
    package static func duration(_ seconds: Double) -> String {
        let total = Int(seconds.rounded())
        return total < 3600
            ? "\(total / 60):\(two(total % 60))" : "\(total / 3600):\(two(total / 60 % 60)):\(two(total % 60))"
    }

    /// What a date is that says nothing of when something happened; `nil` where it does.
    package static func guess(_ source: CaptureDate.Source) -> String? {
        switch source {
        case .received: "when it arrived here"
        case .clientModified: "when the file was last saved"
        default: nil
        }
    }

    /// “Drawing”.
    package static func kind(_ kind: ArtefactKind) -> String {
        switch kind {
        case .drawing: "Drawing"
        case .photo: "Photo"
        case .video: "Video"
        case .audio: "Recording"
        case .document: "Document"
        case .message: "Message"
        }
    }

    /// What a transcript of something of that kind is.
    package static func transcript(of kind: ArtefactKind) -> String {
        switch kind {
        case .audio, .video: "What is said in it"
        case .drawing, .photo, .document, .message: "What is written in it"
        }
    }

    /// Whose voice it is, in a few words.
    package static func voice(_ voice: Voice) -> String {
        switch voice {
        case .direct: "In the child’s own voice"
        case .throughWorker: "Told to a worker"
        case .about: "About the child"
        }
    }

    /// The question that a lens is, as a child would begin the answer.
    package static func lens(_ lens: Lens) -> String {
        switch lens {
        case .life: "What my life is like"
        case .day: "What I do each day"
        case .feelings: "How I feel"
        case .change: "How I want things to change"
        }
    }

    /// Who sees it, in a few words; `nil` where everybody does who sees the story.
    package static func visibility(_ visibility: Visibility) -> String? {
        switch visibility {
        case .everyone: nil
        case .child: "Only the child and their workers"
        case .workers: "Only workers"
        }
    }

    private static func parts(of date: Date, _ offset: Int?) -> DateComponents {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone =
            offset.flatMap { TimeZone(secondsFromGMT: $0) } ?? TimeZone(identifier: "Europe/London") ?? .gmt
        return calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
    }

    private static func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
}
