internal import Reading

/// What captions say, without their times.
///
/// Source: W3C WebVTT, section 4; SubRip.
enum CaptionText {
    private static let withoutText = ["WEBVTT", "NOTE", "STYLE", "REGION"]

    static func append(_ file: FileBytes, to text: inout CleanText) throws {
        var lines: [Substring] = []
        let all: [Substring] = PlainText.decoded(file)
            .split(omittingEmptySubsequences: false, whereSeparator: { $0.isNewline })
        for line in all + [""] {
            if line.allSatisfy({ $0.isWhitespace }) {
                append(block: lines, to: &text)
                lines = []
            } else if lines.count < 1000 {
                lines.append(line)
            }
        }
    }

    private static func append(block: [Substring], to text: inout CleanText) {
        guard let first = block.first?.drop(while: { $0 == "\u{FEFF}" }) else { return }
        let time = block.firstIndex { $0.contains("-->") }
        if time == nil, withoutText.contains(where: { first.hasPrefix($0) }) { return }
        for line in block[(time.map { $0 + 1 } ?? 0)...] {
            text.append(withoutTags(line))
            text.endLine()
        }
    }

    private static func withoutTags(_ line: Substring) -> String {
        var isInTag = false
        var kept = String.UnicodeScalarView()
        for scalar in line.unicodeScalars {
            if scalar == "<" { isInTag = true }
            if !isInTag { kept.append(scalar) }
            if scalar == ">" { isInTag = false }
        }
        return String(kept)
    }
}
