internal import Artefacts

/// Which formats are kept, held or refused.
///
/// What is in no list is held: never lost, and never shown unseen.
enum FormatRules {
    /// Nothing that a child's story is made of.
    static let programs: Set<MediaType> = [
        "application/x-executable", "application/x-pie-executable", "application/x-sharedlib", "application/x-object",
        "application/vnd.microsoft.portable-executable", "application/x-mach-binary",
        "application/vnd.android.package-archive", "application/java-archive", "application/x-java-applet",
        "application/x-ms-shortcut", "application/x-mswinurl", "application/javascript", "text/javascript",
        "text/x-shellscript", "text/x-msdos-batch", "text/x-perl", "text/x-ruby", "text/x-script.python",
    ]

    static let scriptExtensions: Set<String> = [
        "bat", "cmd", "hta", "js", "jse", "ps1", "psm1", "scr", "sh", "vbe", "vbs", "wsf",
    ]

    /// Cameras make these; drawings are sent in others.
    static let photos: Set<MediaType> = ["image/jpeg", "image/heic", "image/heif", "image/dng"]

    static let kept: Set<MediaType> = [
        "image/jpeg", "image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence", "image/avif",
        "image/png", "image/apng", "image/gif", "image/webp", "image/tiff", "image/bmp", "image/dng", "image/jxl",
        "image/jp2", "image/vnd.adobe.photoshop",
        "video/mp4", "video/quicktime", "video/3gpp", "video/3gpp2", "video/webm", "video/ogg", "video/x-matroska",
        "video/x-msvideo", "video/x-ms-wmv", "video/mp2t", "video/mpeg",
        "audio/mp4", "audio/aac", "audio/mpeg", "audio/wav", "audio/ogg", "audio/amr", "audio/amr-wb", "audio/3gpp",
        "audio/3gpp2", "audio/webm", "audio/x-matroska", "audio/x-caf", "audio/flac", "audio/x-ms-wma", "audio/aiff",
        "audio/x-dss",
        "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation", "text/rtf", "text/plain", "text/csv", "text/vcard",
        "text/calendar", "application/json", "message/rfc822", "application/vnd.ms-outlook",
    ]

    static let unknown =
        "Keepsake does not know this kind of file. It is safe, and waiting for a person to look at it."

    private static let archive =
        "This is an archive with other files in it. It is safe, and waiting for a person to look at it. Please send the files themselves too, if you can."
    private static let macros =
        "This document has macros, which can do harm. It is safe, and waiting for a person to look at it."
    private static let active =
        "This kind of file can carry scripts. It is safe, and waiting for a person to look at it."

    /// Why those are held that have a better reason than being unknown.
    static let reasons: [MediaType: String] = [
        "application/zip": archive, "application/x-7z-compressed": archive, "application/x-rar": archive,
        "application/gzip": archive, "application/x-tar": archive,
        "application/vnd.ms-word.document.macroenabled.12": macros,
        "application/vnd.ms-excel.sheet.macroenabled.12": macros,
        "application/vnd.ms-powerpoint.presentation.macroenabled.12": macros,
        "image/svg+xml": active, "text/html": active, "application/xml": active, "application/xhtml+xml": active,
        "application/encrypted":
            "This document is locked with a password. It is safe. Please send a copy without a password.",
    ]
}
