import Artefacts
import FoundationEssentials
import Inspecting
import InspectionWire

/// What `keepsake inspect` says of one file: the lines for people.
extension InspectedFile {
    func lines(explaining: Bool) -> [String] {
        let facts: [(String, String?)] = [
            ("type", "\(mimeType)" + (puid.map { " (\($0))" } ?? "") + ", \(Wording.kind(kind).lowercased())"),
            ("whole", whole), ("found", found), ("size", size), ("length", media.duration.map(Wording.duration)),
        ]
        return [Self.shown(path)] + facts.compactMap { name, value in value.map { Self.line(name, $0) } } + dateLines
            + verdictLines(explaining)
    }

    private static func line(_ name: String, _ value: String) -> String {
        "  " + name + String(repeating: " ", count: max(1, 9 - name.count)) + shown(value)
    }

    /// What a file says of itself does not steer the terminal.
    private static func shown(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) ? $0 : "?" }))
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }

    private var whole: String? {
        switch wholeness {
        case "whole": "yes"
        case "damaged": "no: \(damage ?? "")"
        case "unknown": "its end cannot be seen in this format"
        default: nil
        }
    }

    private var found: String? {
        let found =
            features.map(\.rawValue) + notes.map(\.rawValue) + (media.hasLocation ? ["location"] : []) + media.codecs
        return found.isEmpty ? nil : found.joined(separator: ", ")
    }

    private var size: String? {
        guard let width = media.width, let height = media.height else {
            return media.pages.map { "\($0) page\($0 == 1 ? "" : "s")" }
        }
        let turned = (media.orientation ?? 1) == 1 ? "" : ", orientation \(media.orientation ?? 1)"
        return "\(width) × \(height)\(turned)"
    }

    /// Every date that was found, and an arrow at the one that is taken.
    private var dateLines: [String] {
        let isFromFile = dates.contains { $0.source == captured.source }
        let chosen = dates.first { $0.source == captured.source }
        let all = dates.map { date in
            (date == chosen ? "→ " : "  ") + "\(date.raw) (\(date.source.rawValue)"
                + (date == chosen ? ", confidence \(captured.confidence.rawValue))" : ")")
        }
        let arrival = isFromFile ? [] : ["→ \(captured.at) (\(captured.source.rawValue))"]
        return zip(["dates"] + Array(repeating: "", count: all.count), all + arrival).map(Self.line)
    }

    private func verdictLines(_ explaining: Bool) -> [String] {
        let by = explaining ? rule.map { " (by the rule “\($0)”)" } ?? " (without a rule)" : ""
        let how = verdict == "accept" && presentation == .download ? ", to be saved only" : ""
        return [Self.line("verdict", verdict + how + by)] + reasons.map { Self.line("", $0) }
    }
}
