internal import Artefacts
internal import Reading
internal import TextExtracting

/// The picture that a program puts into its documents, for people to know them by.
///
/// Source: ODF 1.3 part 2, section 3.8; OpenRaster 0.0.5, "Layout"; ECMA-376
/// part 2, section 10.4; the others as their programs write them.
enum EmbeddedPreview {
    /// Members of the archive, the best first.
    private static let places: [MediaType: [String]] = [
        "application/x-procreate": ["QuickLook/Thumbnail.png"],
        "application/x-krita": ["mergedimage.png", "preview.png"],
        "image/openraster": ["mergedimage.png", "Thumbnails/thumbnail.png"],
        "application/vnd.apple.pages": ["preview.jpg", "QuickLook/Thumbnail.jpg"],
        "application/vnd.apple.numbers": ["preview.jpg", "QuickLook/Thumbnail.jpg"],
        "application/vnd.apple.keynote": ["preview.jpg", "QuickLook/Thumbnail.jpg"],
        "application/vnd.oasis.opendocument.text": ["Thumbnails/thumbnail.png"],
        "application/vnd.oasis.opendocument.spreadsheet": ["Thumbnails/thumbnail.png"],
        "application/vnd.oasis.opendocument.presentation": ["Thumbnails/thumbnail.png"],
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": ["docProps/thumbnail.jpeg"],
    ]

    /// Most bytes of a picture, packed as pictures are.
    private static let maximumSize = 64 << 20

    static func isExpected(in type: MediaType) -> Bool { places[type] != nil }

    /// - Parameter side: most pixels on the longer side; a smaller picture stays as it is.
    static func picture(in file: FileBytes, type: MediaType, side: Int) throws(RenderingError) -> Picture {
        for name in places[type] ?? [] {
            guard let bytes = try member(name, of: file) else { continue }
            return try PictureDecoder.picture(
                in: FileCursor(bytes), type: name.hasSuffix(".png") ? "image/png" : "image/jpeg", side: side)
        }
        throw RenderingError("there is no small picture in the document")
    }

    private static func member(_ name: String, of file: FileBytes) throws(RenderingError) -> [UInt8]? {
        var bytes: [UInt8] = []
        do throws(TextExtractingError) {
            let isThere = try ZipArchive(file).read(name) { part in
                bytes.append(contentsOf: part)
                return bytes.count <= maximumSize
            }
            guard isThere else { return nil }
        } catch {
            throw RenderingError("the small picture in the document cannot be read: \(error)")
        }
        guard bytes.count <= maximumSize else { throw RenderingError("the small picture in the document is too large") }
        return bytes
    }
}
