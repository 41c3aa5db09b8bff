internal import Artefacts
internal import InspectionWire
internal import Reading

/// Text, and the many things that are written in text.
enum TextFile {
    private static let readers: [@Sendable (FileBytes, TextSample) -> FormatFinding?] = [
        MailMessage.finding, MarkupFile.finding, Playlist.finding, Card.finding, ScriptText.finding, DataText.finding,
    ]

    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard let sample = TextSample(file, head) else { return nil }
        for reader in readers { if let finding = reader(file, sample) { return finding } }
        return FormatFinding("text/plain", puid: "x-fmt/111")
    }

    /// Whether the last word is the one that the format ends with.
    static func ends(_ file: FileBytes, with words: String...) -> Bool {
        let tail = file.tail(256).filter { $0 > 0x20 }
        return words.contains { word in
            tail.suffix(word.utf8.count).map { ($0 >= 0x41 && $0 <= 0x5A) ? $0 | 0x20 : $0 }.elementsEqual(word.utf8)
        }
    }
}
