package import Artefacts
package import Reading

/// The text that a reader of a file sees, so that it can be found.
///
/// Names of authors, comments, deleted and hidden text are no part of it.
package enum ExtractedText {
    private typealias Extractor = @Sendable (FileBytes, inout CleanText) throws -> Void

    private static let extractors: [MediaType: Extractor] = [
        "application/pdf": { try PDFText.append($0, to: &$1) },
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": { try WordText.append($0, to: &$1) },
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": { try SheetText.append($0, to: &$1) },
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": {
            try SlideText.append($0, to: &$1)
        },
        "application/vnd.oasis.opendocument.text": { try OpenDocumentText.append($0, to: &$1) },
        "application/vnd.oasis.opendocument.spreadsheet": { try OpenDocumentText.append($0, to: &$1) },
        "application/vnd.oasis.opendocument.presentation": { try OpenDocumentText.append($0, to: &$1) },
        "application/zip": { try ZipListing.append($0, to: &$1) },
        "text/plain": { try PlainText.append($0, to: &$1) },
        "text/csv": { try PlainText.append($0, to: &$1) },
        "text/markdown": { try PlainText.append($0, to: &$1) },
        "text/rtf": { try RichText.append($0, to: &$1) },
        "application/rtf": { try RichText.append($0, to: &$1) },
        "text/vtt": { try CaptionText.append($0, to: &$1) },
        "application/x-subrip": { try CaptionText.append($0, to: &$1) },
        "application/vnd.ms-outlook": { try OutlookText.append($0, to: &$1) },
        "message/rfc822": { try MailText.append($0, to: &$1) },
        "text/html": { try HTMLText.append($0, to: &$1) },
    ]

    /// Whether files of this type may have a text.
    package static func canBeFound(in type: MediaType) -> Bool { extractors[type] != nil }

    /// The text, at most 1 MiB as UTF-8; `nil` where the type has none, or the file.
    ///
    /// Paragraphs are separated by line ends; there are no control characters
    /// but those and tabs. The same file always gives the same text.
    ///
    /// - Throws: ``TextExtractingError``
    package static func of(_ file: FileBytes, type: MediaType) throws -> String? {
        guard let extractor = extractors[type] else { return nil }
        var text = CleanText()
        try extractor(file, &text)
        return text.result
    }
}
