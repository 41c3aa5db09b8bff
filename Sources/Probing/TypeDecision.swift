internal import Artefacts
internal import Reading

/// Weighs what several sources say a file is. Pure.
///
/// libmagic is one opinion among several: it takes an audio-only MP4 for video,
/// an office document in another order for an archive, and a PDF behind junk
/// for text. Streams, brands, boxes and names decide where they can.
struct TypeDecision {
    let magic: MediaType
    let prefix: [UInt8]
    let boxes: MediaBoxes?
    let container: MediaContainer?
    let png: PNGChunks?
    let zip: ZipDirectory?

    /// The type, by the best source there is.
    var mimeType: MediaType {
        program ?? document ?? image ?? recording ?? Self.usual[magic] ?? magic
    }

    /// Programs first: nothing else that they also look like helps them.
    private var program: MediaType? {
        if prefix.has("\u{7F}ELF") { return "application/x-executable" }
        if prefix.has("MZ"), magic.subtype.contains("dosexec") || magic.subtype.contains("portable-executable") {
            return "application/vnd.microsoft.portable-executable"
        }
        if prefix.starts(with: [0xCF, 0xFA, 0xED, 0xFE]) || prefix.starts(with: [0xCE, 0xFA, 0xED, 0xFE]) {
            return "application/x-mach-binary"
        }
        if prefix.has("#!/") { return "text/x-shellscript" }
        if let zip {
            if zip.names.contains("AndroidManifest.xml") { return "application/vnd.android.package-archive" }
            if zip.names.contains("META-INF/MANIFEST.MF") { return "application/java-archive" }
        }
        return nil
    }

    private var document: MediaType? {
        if Array(prefix.prefix(1024)).contains(text: "%PDF-"), image == nil { return "application/pdf" }
        guard let zip else { return nil }
        if let declared = zip.declaredType.flatMap({ MediaType(parsing: $0) }) { return declared }
        guard zip.names.contains("[Content_Types].xml") else { return nil }
        let macros = zip.names.contains { $0.lowercased().hasSuffix("vbaproject.bin") }
        for (folder, plain, macro) in Self.office where zip.names.contains(where: { $0.hasPrefix(folder) }) {
            return macros ? macro : plain
        }
        return nil
    }

    private var image: MediaType? {
        if let png { return png.isAnimated ? "image/apng" : "image/png" }
        if prefix.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        guard let boxes, boxes.hasMeta, !boxes.hasMovie else { return nil }
        let brands = Set(boxes.brands)
        if !brands.isDisjoint(with: ["avif", "avis"]) { return "image/avif" }
        if !brands.isDisjoint(with: ["heic", "heix", "heim", "heis"]) { return "image/heic" }
        return brands.isDisjoint(with: ["mif1", "msf1"]) ? nil : "image/heif"
    }

    /// Containers that hold audio or video: the streams tell which.
    private var recording: MediaType? {
        guard let container, !container.streams.isEmpty else { return nil }
        let isVideo = container.streams.contains { $0.kind == .video }
        guard isVideo || container.streams.contains(where: { $0.kind == .audio }) else { return nil }
        switch container.format.split(separator: ",").first {
        case "mov": return isoMedia(isVideo)
        case "matroska":
            let isWeb = Array(prefix.prefix(64)).contains(text: "webm") || magic.subtype == "webm"
            return isWeb ? (isVideo ? "video/webm" : "audio/webm") : (isVideo ? "video/x-matroska" : "audio/x-matroska")
        case "ogg": return isVideo ? "video/ogg" : "audio/ogg"
        case "asf": return isVideo ? "video/x-ms-wmv" : "audio/x-ms-wma"
        case "avi": return "video/x-msvideo"
        case "mpegts": return isVideo ? "video/mp2t" : nil
        case "mpeg": return "video/mpeg"
        case "wav", "w64": return "audio/wav"
        case "mp3": return prefix.has("ID3") || prefix.first == 0xFF ? "audio/mpeg" : nil
        case "aac": return "audio/aac"
        case "flac": return "audio/flac"
        case "aiff": return "audio/aiff"
        case "caf": return "audio/x-caf"
        case "dss": return "audio/x-dss"
        case "amr": return prefix.has("#!AMR-WB") ? "audio/amr-wb" : "audio/amr"
        default: return nil
        }
    }

    private func isoMedia(_ isVideo: Bool) -> MediaType {
        let major = boxes?.brands.first ?? "qt  "
        if major == "qt  " { return isVideo ? "video/quicktime" : "audio/mp4" }
        if major.hasPrefix("3g2") { return isVideo ? "video/3gpp2" : "audio/3gpp2" }
        if major.hasPrefix("3g") { return isVideo ? "video/3gpp" : "audio/3gpp" }
        return isVideo ? "video/mp4" : "audio/mp4"
    }

    private static let office: [(folder: String, plain: MediaType, macro: MediaType)] = [
        (
            "word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.ms-word.document.macroenabled.12"
        ),
        (
            "xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.ms-excel.sheet.macroenabled.12"
        ),
        (
            "ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/vnd.ms-powerpoint.presentation.macroenabled.12"
        ),
    ]

    /// The usual name of what libmagic names in its own way.
    private static let usual: [MediaType: MediaType] = [
        "audio/x-wav": "audio/wav", "audio/x-m4a": "audio/mp4", "audio/x-aiff": "audio/aiff",
        "audio/x-hx-aac-adts": "audio/aac", "audio/x-flac": "audio/flac", "application/ogg": "audio/ogg",
        "text/xml": "application/xml", "image/x-ms-bmp": "image/bmp",
        "application/x-dosexec": "application/vnd.microsoft.portable-executable",
    ]
}
