internal import CPoppler
internal import Reading

/// The text of a PDF, by poppler.
///
/// Source: poppler-glib reference, PopplerDocument and PopplerPage.
enum PDFText {
    private static let maximumSize: Int64 = 192 << 20
    private static let maximumPages: Int32 = 10_000

    static func append(_ file: FileBytes, to text: inout CleanText) throws {
        guard file.size <= maximumSize else { throw TextExtractingError.tooLarge }
        try append(file.read(at: 0, count: Int(file.size)), to: &text)
    }

    static func append(_ bytes: [UInt8], to text: inout CleanText) throws(TextExtractingError) {
        let document = try open(bytes)
        defer { g_object_unref(UnsafeMutableRawPointer(document)) }
        for index in 0..<min(poppler_document_get_n_pages(document), maximumPages) where !text.isFull {
            guard let page = poppler_document_get_page(document, index) else { continue }
            defer { g_object_unref(UnsafeMutableRawPointer(page)) }
            guard let characters = poppler_page_get_text(page) else { continue }
            defer { g_free(characters) }
            text.append(String(cString: characters))
            text.endParagraph()
        }
    }

    /// Opens a document for the rest of the process.
    ///
    /// With its last document poppler forgets what it read from
    /// /usr/share/poppler, and would look there again with the next.
    static func holdLibrary(with content: [UInt8]) { _ = try? open(content) }

    private static func open(_ content: [UInt8]) throws(TextExtractingError) -> OpaquePointer {
        let bytes = g_bytes_new(content, gsize(content.count))
        defer { g_bytes_unref(bytes) }
        var error: UnsafeMutablePointer<GError>?
        if let document = poppler_document_new_from_bytes(bytes, nil, &error) { return document }
        let isEncrypted = error?.pointee.code == Int32(POPPLER_ERROR_ENCRYPTED.rawValue)
        g_clear_error(&error)
        throw isEncrypted ? .encrypted : .notUnderstood("no PDF")
    }
}
