internal import Artefacts

/// Whether a browser shows the bytes or saves them, and under which name.
///
/// Source: RFC 6266; RFC 8187 for names beyond ASCII.
enum ContentDisposition {
    /// Types that browsers show without running anything in them.
    private static let shown: Set<MediaType> = [
        "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/apng",
        "video/mp4", "video/webm",
        "audio/mp4", "audio/mpeg", "audio/wav", "audio/ogg", "audio/flac", "audio/webm", "audio/aac",
        "text/plain",
    ]

    /// Whether browsers can show the type, and may.
    static func isShown(_ type: MediaType) -> Bool { shown.contains(type) }

    /// The field for an artefact.
    static func field(for artefact: Artefact) -> String {
        let name = artefact.fileName.text
        let ascii = String(name.unicodeScalars.map { $0.isPlain ? Character($0) : "_" })
        return (isShown(artefact.finding.mimeType) ? "inline" : "attachment")
            + "; filename=\"\(ascii)\"; filename*=UTF-8''\(PercentEncoding.encoded(name))"
    }
}

extension Unicode.Scalar {
    /// May stand in a quoted string as it is.
    fileprivate var isPlain: Bool {
        isASCII && value >= 32 && value != 127 && self != "\"" && self != "\\" && self != "%"
    }
}
