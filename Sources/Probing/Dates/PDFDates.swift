internal import Artefacts
internal import InspectionWire

/// When a PDF says it was made: its XMP, then its information dictionary.
///
/// Source: ISO 32000-1, 14.3.2 and 14.3.3.
enum PDFDates {
    static func dates(_ references: PDFReferences, _ objects: PDFObjects) -> [DateEvidence] {
        let number = references.object(referredToAs: "Root").flatMap { PDFReferences.number("Metadata", in: $0) }
        let packet = objects.packets.last { $0.object == number }
        let information = references.object(referredToAs: "Info")
        return (packet.map { XMPPacket($0.text).dates } ?? [])
            + [
                date("CreationDate", information, .documentCreation, .created),
                date("ModDate", information, .documentModification, .modified),
            ].compactMap(\.self)
    }

    /// In an encrypted file the texts are encrypted too, and no date.
    private static func date(
        _ name: String, _ object: [UInt8]?, _ source: CaptureDate.Source, _ meaning: DateEvidence.Meaning
    ) -> DateEvidence? {
        guard let object, let bytes = PDFText(bytes: object).string("/" + name) else { return nil }
        // Dates are ASCII, in whatever encoding they are written.
        let text = String(decoding: bytes.filter { (0x20...0x7E).contains($0) }, as: UTF8.self)
        guard text.hasPrefix("D:") || text.first?.isASCIIDigit == true else { return nil }
        return DateText.evidence(text, source, meaning)
    }
}
