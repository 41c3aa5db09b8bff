/// The formats that Keepsake can tell apart, and how their files are usually named.
extension MediaType {
    /// Extensions in lower case, the usual one first; none where the type has none, or is not known.
    package var fileExtensions: [String] { Self.extensions[self] ?? [] }

    /// Whether the type is one that Keepsake can tell from others.
    package var isKnown: Bool { Self.extensions[self] != nil }

    /// Whether files of some type are usually named so.
    package static func isExtension(_ text: String) -> Bool { allExtensions.contains(text) }

    /// What stands before the slash in the types that are known.
    package static let families = Set(extensions.keys.map(\.type))

    private static let extensions: [MediaType: [String]] = pictures.merging(recordings) { first, _ in first }
        .merging(documents) { first, _ in first }.merging(officeDocuments) { first, _ in first }
        .merging(others) { first, _ in first }

    private static let allExtensions = Set(extensions.values.joined())

    private static let pictures: [MediaType: [String]] = [
        "image/jpeg": ["jpg", "jpeg", "jpe", "jfif"], "image/heic": ["heic", "heif", "hif"],
        "image/heif": ["heif", "heic", "hif"], "image/heic-sequence": ["heics", "heic", "heif"],
        "image/heif-sequence": ["heifs", "heif", "heic"], "image/avif": ["avif", "avifs"], "image/png": ["png"],
        "image/apng": ["png", "apng"], "image/gif": ["gif"], "image/webp": ["webp"], "image/tiff": ["tif", "tiff"],
        "image/bmp": ["bmp", "dib"], "image/dng": ["dng"], "image/jxl": ["jxl"], "image/jp2": ["jp2", "jpx", "jpf"],
        "image/j2c": ["j2c", "j2k", "jpc"], "image/x-canon-cr2": ["cr2"], "image/x-canon-cr3": ["cr3"],
        "image/svg+xml": ["svg"], "image/vnd.adobe.photoshop": ["psd"], "application/x-procreate": ["procreate"],
        "application/x-krita": ["kra"], "image/openraster": ["ora"],
    ]

    private static let recordings: [MediaType: [String]] = [
        "video/mp4": ["mp4", "m4v"], "video/quicktime": ["mov", "qt"], "video/3gpp": ["3gp", "3gpp"],
        "video/3gpp2": ["3g2"], "video/webm": ["webm"], "video/ogg": ["ogv", "ogg"], "video/x-matroska": ["mkv"],
        "video/x-msvideo": ["avi"], "video/x-ms-wmv": ["wmv", "asf"], "video/mp2t": ["mts", "m2ts", "m2t", "ts"],
        "video/mpeg": ["mpg", "mpeg", "vob", "mod"],
        "audio/mp4": ["m4a", "mp4", "m4b"], "audio/aac": ["aac"], "audio/mpeg": ["mp3", "mp2"],
        "audio/wav": ["wav", "bwf"], "audio/ogg": ["ogg", "oga", "opus", "spx"], "audio/amr": ["amr"],
        "audio/amr-wb": ["awb", "amr"], "audio/3gpp": ["3gp", "3gpp"], "audio/3gpp2": ["3g2"],
        "audio/webm": ["weba", "webm"], "audio/x-matroska": ["mka", "mkv"], "audio/x-caf": ["caf"],
        "audio/flac": ["flac"], "audio/x-ms-wma": ["wma", "asf"], "audio/aiff": ["aiff", "aif", "aifc"],
        "audio/x-dss": ["dss", "ds2"], "audio/basic": ["au", "snd"], "audio/x-w64": ["w64"], "video/x-flv": ["flv"],
    ]

    private static let documents: [MediaType: [String]] = [
        "application/pdf": ["pdf"], "text/rtf": ["rtf"], "application/rtf": ["rtf"],
        "text/plain": ["txt", "text", "log"], "text/csv": ["csv"], "text/markdown": ["md", "markdown"],
        "text/vtt": ["vtt"], "application/x-subrip": ["srt"], "text/vcard": ["vcf"], "text/calendar": ["ics"],
        "application/json": ["json"], "application/xml": ["xml", "aae", "xmp", "plist"],
        "application/rdf+xml": ["xmp", "rdf"], "application/x-plist": ["plist", "aae"],
        "application/x-bplist": ["plist", "aae"], "application/zip": ["zip"],
        "message/rfc822": ["eml"], "application/vnd.ms-outlook": ["msg"], "application/mbox": ["mbox"],
        "application/vnd.ms-outlook-pst": ["pst", "ost"], "application/onenote": ["one"],
        "text/html": ["html", "htm", "hta"], "application/xhtml+xml": ["xhtml"], "application/hta": ["hta"],
        "multipart/related": ["mhtml", "mht"], "application/x-mimearchive": ["mhtml", "mht"],
        "application/dicom": ["dcm"], "application/encrypted": [], "application/pgp-encrypted": ["pgp", "gpg", "asc"],
        "application/epub+zip": ["epub"], "application/vnd.ms-xpsdocument": ["xps", "oxps"],
        "application/vnd.ms-htmlhelp": ["chm"], "application/x-apple-webloc": ["webloc"],
        "application/vnd.sqlite3": ["sqlite", "db"],
    ]

    private static let officeDocuments: [MediaType: [String]] = [
        "application/msword": ["doc", "dot"], "application/vnd.ms-excel": ["xls", "xlt"],
        "application/vnd.ms-powerpoint": ["ppt", "pps", "pot"],
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ["docx"],
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ["xlsx"],
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": ["pptx"],
        "application/vnd.ms-word.document.macroenabled.12": ["docm"],
        "application/vnd.ms-word.template.macroenabled.12": ["dotm"],
        "application/vnd.ms-excel.sheet.macroenabled.12": ["xlsm"],
        "application/vnd.ms-excel.template.macroenabled.12": ["xltm"],
        "application/vnd.ms-excel.addin.macroenabled.12": ["xlam"],
        "application/vnd.ms-excel.sheet.binary.macroenabled.12": ["xlsb"],
        "application/vnd.ms-powerpoint.presentation.macroenabled.12": ["pptm"],
        "application/vnd.ms-powerpoint.template.macroenabled.12": ["potm"],
        "application/vnd.ms-powerpoint.slideshow.macroenabled.12": ["ppsm"],
        "application/vnd.ms-powerpoint.addin.macroenabled.12": ["ppam"],
        "application/vnd.oasis.opendocument.text": ["odt"],
        "application/vnd.oasis.opendocument.spreadsheet": ["ods"],
        "application/vnd.oasis.opendocument.presentation": ["odp"],
        "application/vnd.oasis.opendocument.graphics": ["odg"],
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template": ["dotx"],
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template": ["xltx"],
        "application/vnd.openxmlformats-officedocument.presentationml.template": ["potx"],
        "application/vnd.openxmlformats-officedocument.presentationml.slideshow": ["ppsx"],
        "application/vnd.apple.pages": ["pages"], "application/vnd.apple.numbers": ["numbers"],
        "application/vnd.apple.keynote": ["key", "keynote"],
    ]

    /// What is not kept, or waits for a person.
    private static let others: [MediaType: [String]] = [
        "application/octet-stream": [], "application/x-ole-storage": [], "application/cdfv2": [],
        "inode/x-empty": [],
        "application/x-executable": [], "application/x-pie-executable": [], "application/x-sharedlib": ["so"],
        "application/x-object": ["o"], "application/vnd.microsoft.portable-executable": ["exe", "dll", "scr"],
        "application/x-dosexec": ["exe", "com"], "application/x-mach-binary": ["dylib"],
        "application/vnd.android.package-archive": ["apk"], "application/java-archive": ["jar"],
        "application/x-java-applet": ["class"], "application/x-msi": ["msi"], "application/x-ms-shortcut": ["lnk"],
        "application/x-mswinurl": ["url"], "application/javascript": ["js"], "text/javascript": ["js", "mjs"],
        "text/x-shellscript": ["sh"], "text/x-msdos-batch": ["bat", "cmd"], "text/x-perl": ["pl"],
        "text/x-ruby": ["rb"], "text/x-script.python": ["py"], "text/x-php": ["php"],
        "application/x-httpd-php": ["php"],
        "application/x-wine-extension-ini": ["ini"], "text/x-powershell": ["ps1"], "text/vbscript": ["vbs"],
        "text/x-wsf": ["wsf"], "text/x-ms-regedit": ["reg"], "application/wasm": ["wasm"], "application/x-dex": ["dex"],
        "application/vnd.ms-appx": ["appx", "msix"], "application/vnd.ms-cab-compressed": ["cab"],
        "application/x-iso9660-image": ["iso"], "application/x-apple-diskimage": ["dmg"],
        "application/x-udf-image": ["udf", "iso"], "application/x-vhd": ["vhd"], "application/x-vhdx": ["vhdx"],
        "application/x-vmdk": ["vmdk"], "application/x-qemu-disk": ["qcow2"],
        "application/x-7z-compressed": ["7z"], "application/x-rar": ["rar"], "application/vnd.rar": ["rar"],
        "application/gzip": ["gz", "tgz"], "application/x-tar": ["tar"], "application/x-bzip2": ["bz2"],
        "application/x-xz": ["xz"], "application/zstd": ["zst"],
        "application/vnd.apple.mpegurl": ["m3u8"], "audio/x-mpegurl": ["m3u"], "audio/x-scpls": ["pls"],
        "text/x-ffconcat": ["ffconcat"], "application/smil+xml": ["smil"], "application/xspf+xml": ["xspf"],
        "application/sdp": ["sdp"], "video/x-ms-asx": ["asx"],
        "application/dash+xml": ["mpd"], "application/applefile": [], "multipart/appledouble": [],
        "application/x-apple-dsstore": [],
        "application/vnd.ms-thumbs": ["db"], "application/x-desktop-ini": ["ini"],
    ]
}
