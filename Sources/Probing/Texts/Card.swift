internal import Artefacts
internal import InspectionWire
internal import Reading

/// Cards of people, calendars and captions.
///
/// Source: RFC 6350; RFC 5545; W3C WebVTT; DROID V122.
enum Card {
    static func finding(in file: FileBytes, _ sample: TextSample) -> FormatFinding? {
        let lower = sample.lower
        if lower.hasPrefix("begin:vcard") {
            let puid: PUID =
                lower.contains("version:2.1")
                ? "fmt/1879"
                : lower.contains("version:3.0") ? "fmt/1880" : lower.contains("version:4.0") ? "fmt/1881" : "fmt/395"
            return FormatFinding(
                "text/vcard", puid: puid, wholeness: .whole(TextFile.ends(file, with: "end:vcard"), or: "no END:VCARD"))
        }
        if lower.hasPrefix("begin:vcalendar") {
            return FormatFinding(
                "text/calendar", puid: lower.contains("version:1.0") ? "fmt/387" : "fmt/388",
                wholeness: .whole(TextFile.ends(file, with: "end:vcalendar"), or: "no END:VCALENDAR"))
        }
        if lower.hasPrefix("webvtt") { return FormatFinding("text/vtt", puid: "fmt/1454") }
        let lines = sample.lines
        if lines.count >= 2, lines[0].filter({ $0 != "\u{FEFF}" }).allSatisfy(\.isASCIIDigit),
            lines[1].contains(" --> ")
        {
            return FormatFinding("application/x-subrip", puid: "fmt/1218")
        }
        return nil
    }
}
