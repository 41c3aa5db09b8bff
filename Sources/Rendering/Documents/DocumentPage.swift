internal import CPoppler
internal import Reading

/// The first page of a PDF, drawn by Poppler on white.
enum DocumentPage {
    /// - Parameter side: pixels on the longer side.
    static func picture(in file: FileBytes, side: Int) throws(RenderingError) -> Picture {
        let bytes = file.read(at: 0, count: Int(clamping: min(file.size, maximumSize + 1)))
        guard bytes.count <= maximumSize else { throw RenderingError("the document is too large") }
        let whole = bytes.withUnsafeBytes { g_bytes_new($0.baseAddress, gsize($0.count)) }
        defer { g_bytes_unref(whole) }
        var error: UnsafeMutablePointer<GError>?
        guard let document = poppler_document_new_from_bytes(whole, nil, &error) else {
            let isLocked = error.map { $0.pointee.code == Int32(POPPLER_ERROR_ENCRYPTED.rawValue) } ?? false
            g_clear_error(&error)
            throw RenderingError(isLocked ? "the document is locked with a password" : "the document cannot be read")
        }
        defer { g_object_unref(UnsafeMutableRawPointer(document)) }
        guard let page = poppler_document_get_page(document, 0) else {
            throw RenderingError("the document has no first page")
        }
        defer { g_object_unref(UnsafeMutableRawPointer(page)) }
        return try draw(page, side: side)
    }

    /// Bytes of a document, which has to be in memory as a whole.
    private static let maximumSize: Int64 = 512 << 20

    static var version: String { String(cString: poppler_get_version()) }

    private static func draw(_ page: OpaquePointer, side: Int) throws(RenderingError) -> Picture {
        var (width, height) = (0.0, 0.0)
        poppler_page_get_size(page, &width, &height)
        guard width.isFinite, height.isFinite, width > 0, height > 0 else {
            throw RenderingError("the first page has no size")
        }
        let scale = Double(side) / max(width, height)
        let (columns, rows) = (max(1, Int(width * scale)), max(1, Int(height * scale)))
        let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(columns), Int32(rows))
        defer { cairo_surface_destroy(surface) }
        let context = cairo_create(surface)
        defer { cairo_destroy(context) }
        cairo_set_source_rgb(context, 1, 1, 1)
        cairo_paint(context)
        cairo_scale(context, scale, scale)
        poppler_page_render(page, context)
        cairo_surface_flush(surface)
        guard cairo_status(context) == CAIRO_STATUS_SUCCESS, let data = cairo_image_surface_get_data(surface),
            let picture = Picture(
                width: columns, height: rows, bands: 3,
                pixels: rgb(data, columns, rows, Int(cairo_image_surface_get_stride(surface))))
        else { throw RenderingError("the first page cannot be drawn") }
        return picture
    }

    /// Cairo's pixels are 32-bit numbers, on this machine blue first.
    ///
    /// Source: Cairo's manual, cairo_format_t.
    private static func rgb(_ data: UnsafePointer<UInt8>, _ columns: Int, _ rows: Int, _ stride: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: columns * rows * 3) { buffer, count in
            for row in 0..<rows {
                for column in 0..<columns {
                    let from = data + row * stride + column * 4
                    let to = (row * columns + column) * 3
                    (buffer[to], buffer[to + 1], buffer[to + 2]) = (from[2], from[1], from[0])
                }
            }
            count = buffer.count
        }
    }
}
