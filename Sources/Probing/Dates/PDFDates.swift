internal import Artefacts
internal import InspectionWire
internal import Reading

/// When a PDF says it was made: its XMP, then its information dictionary.
///
/// Source: ISO 32000-1, 14.3.2 and 14.3.3.
enum PDFDates {
    static func dates(of file: FileBytes) -> [DateEvidence] {
        let objects = PDFReferences(file)
        let packet = objects.object(referredToAs: "Root").flatMap { objects.object("Metadata", of: $0) }
            .flatMap(PDFReferences.stream)
        let information = objects.object(referredToAs: "Info")
        return (packet.map { XMPPacket($0).dates } ?? [])
            + [
                date("CreationDate", information, .documentCreation, .created),
                date("ModDate", information, .documentModification, .modified),
            ].compactMap(\.self)
    }

    /// In an encrypted file the texts are encrypted too, and no date.
    private static func date(
        _ name: String, _ object: [UInt8]?, _ source: CaptureDate.Source, _ meaning: DateEvidence.Meaning
    ) -> DateEvidence? {
        guard let text = object.flatMap({ PDFReferences.text(name, in: $0) }),
            text.hasPrefix("D:") || text.first?.isASCIIDigit == true
        else { return nil }
        return DateText.evidence(text, source, meaning)
    }
}
