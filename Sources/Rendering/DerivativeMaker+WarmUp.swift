internal import Artefacts
internal import Glibc
internal import InspectionWire
internal import Reading
internal import TextExtracting

extension DerivativeMaker {
    /// Starts the libraries and has them do what they do only once, such as to
    /// find the system's fonts.
    ///
    /// A confined process cannot open most of that any more, and each process
    /// that is forked would do again what was not done before. Leaves no thread.
    ///
    /// - Throws: ``RenderingError`` if a library cannot be started.
    package static func warmUp() throws(RenderingError) {
        // For gmtime and for text in libraries that ask which one people read.
        tzset()
        setlocale(LC_ALL, "C.UTF-8")
        LibAV.start()
        try Vips.start()
        ExtractedText.warmUp()
        let samples: [(MediaType, [DerivativeKind], [UInt8])] = [
            ("image/svg+xml", [.thumbnail], Array(drawing.utf8)), ("application/pdf", [.thumbnail], Array(letter.utf8)),
            ("audio/wav", [.waveform], sound),
        ]
        for (type, kinds, bytes) in samples {
            guard let file = FileBytes(sealing: bytes) else { continue }
            let sources = Sources(file, RenderOrder(mimeType: type, kinds: kinds, media: Media()))
            // Pictures are not written: that takes threads, which a fork would lose.
            if type.type == "audio" {
                _ = try sources.waveform().json
            } else {
                _ = try sources.stills.picture(kinds[0])
            }
        }
    }

    /// Without text, for which Pango would start threads.
    ///
    /// Source: SVG 1.1.
    private static let drawing =
        "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='30'><path d='M5 20h80'/></svg>"

    /// One page with a word in a font that the document does not carry, from
    /// which the reader has to find out where its objects are.
    ///
    /// Source: PDF 32000-1:2008, 7.5.8 and 9.6.2.2.
    private static let letter = """
        %PDF-1.4
        1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
        2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 30]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
        4 0 obj<</Length 31>>stream
        BT /F 12 Tf 5 10 Td (Sam) Tj ET
        endstream endobj
        5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
        trailer<</Root 1 0 R>>
        %%EOF
        """

    /// A tenth of a second of silence.
    ///
    /// Source: Multimedia Programming Interface and Data Specifications 1.0 (RIFF WAVE).
    private static var sound: [UInt8] {
        let silence = [UInt8](repeating: 0x80, count: 800)
        return Array("RIFF".utf8) + [0x44, 0x03, 0, 0] + Array("WAVEfmt ".utf8)
            + [16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x40, 0x1F, 0, 0, 1, 0, 8, 0]
            + Array("data".utf8) + [0x20, 0x03, 0, 0] + silence
    }
}
