package import Artefacts

/// Which derivatives make sense for a file. Pure.
package enum DerivativePlan {
    /// The kinds that are to be made, those that people wait for first.
    ///
    /// - Parameters:
    ///   - mimeType: what inspection found the file to be.
    ///   - media: what inspection measured.
    package static func kinds(for mimeType: MediaType, media: Media) -> [DerivativeKind] {
        var kinds: [DerivativeKind] = []
        switch mimeType.type {
        case "image" where pictures.contains(mimeType): kinds = [.thumbnail, .poster]
        case "video": kinds = [.thumbnail, .poster]
        case "audio": kinds = [.waveform, .waveformPicture]
        default: if pages.contains(mimeType) { kinds = [.thumbnail, .poster] }
        }
        if texts.contains(mimeType) { kinds.append(.text) }
        if needsPreview(mimeType, media) { kinds.append(.preview) }
        if media.hasLocation { kinds.append(.withoutLocation) }
        return kinds
    }

    /// Whether some browser of the last two years does not show or play the file as it is.
    ///
    /// A codec that every browser plays in one container may be played by few in another.
    private static func needsPreview(_ type: MediaType, _ media: Media) -> Bool {
        switch type.type {
        case "image": pictures.contains(type) && !type.isShownInBrowsers && type != "image/svg+xml"
        case "audio", "video":
            // Without codecs nothing is known that speaks for it.
            media.codecs.isEmpty || !media.codecs.allSatisfy((playable[type] ?? []).contains)
        default: false
        }
    }

    /// Pictures that a library can read behind the walls. SVG is held, but a
    /// person who looks at it wants to see it.
    private static let pictures: Set<MediaType> = [
        "image/jpeg", "image/png", "image/apng", "image/gif", "image/webp", "image/avif", "image/heic", "image/heif",
        "image/heic-sequence", "image/heif-sequence", "image/tiff", "image/bmp", "image/dng", "image/jxl", "image/jp2",
        "image/vnd.adobe.photoshop", "image/svg+xml",
    ]

    /// Documents whose first page can be drawn, or that have a small picture of themselves inside.
    private static let pages: Set<MediaType> = [
        "application/pdf", "application/x-procreate", "application/x-krita", "image/openraster",
        "application/vnd.apple.pages", "application/vnd.apple.numbers", "application/vnd.apple.keynote",
        "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ]

    /// Documents with text that can be read out.
    private static let texts: Set<MediaType> = [
        "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation", "application/zip", "text/plain", "text/csv",
        "text/markdown", "text/rtf", "application/rtf", "text/vtt", "application/x-subrip", "message/rfc822",
        "application/vnd.ms-outlook",
    ]

    /// By container, the codecs that Chrome, Edge, Firefox and Safari all play
    /// in it. Safari plays Ogg only of late, and WebM as recorders in browsers
    /// write it cannot be wound.
    private static let playable: [MediaType: Set<String>] = [
        "video/mp4": ["h264", "aac", "mp3"],
        "video/webm": ["vp8", "vp9", "opus", "vorbis"],
        "audio/mp4": ["aac"],
        "audio/aac": ["aac"],
        "audio/mpeg": ["mp3"],
        "audio/flac": ["flac"],
        "audio/wav": ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le"],
    ]
}
