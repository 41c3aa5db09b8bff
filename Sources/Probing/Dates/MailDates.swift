internal import Artefacts
internal import InspectionWire
internal import Reading

/// When a mail was sent.
///
/// Source: RFC 5322, 2.2.3 and 3.6.1.
enum MailDates {
    private static let maximumHeader = 256 << 10

    static func dates(of file: FileBytes) -> [DateEvidence] {
        var text: String?
        for line in file.read(at: 0, count: maximumHeader).split(separator: 0x0A, omittingEmptySubsequences: false) {
            let line = line.last == 0x0D ? line.dropLast() : line
            if line.isEmpty { break }
            if text == nil {
                let name = String(decoding: line.prefix(5), as: UTF8.self)
                if name.lowercased() == "date:" { text = String(decoding: line.dropFirst(5), as: UTF8.self) }
            } else if line.first == 0x20 || line.first == 0x09 {
                text? += String(decoding: line, as: UTF8.self)
            } else {
                break
            }
        }
        let written = text.map { String($0.drop { $0.isWhitespace }) }
        return written.flatMap { DateText.evidence($0, .mailSent, .sent) }.map { [$0] } ?? []
    }
}
