internal import Artefacts
internal import InspectionWire
internal import Reading

/// Weighs what the readers, libavformat and libmagic say a file is. Pure.
///
/// libmagic is a second opinion: it takes an audio-only MP4 for video, an
/// office document in another order for an archive, and a PDF behind junk for
/// text. It is believed only where no reader knows the file.
struct TypeDecision {
    let magic: MediaType
    let finding: FormatFinding?
    let container: MediaContainer?

    /// The type, by the best source there is.
    var mimeType: MediaType {
        guard let finding else { return recording ?? guess }
        guard let sound = finding.soundType, let container, !container.streams.isEmpty else { return finding.mimeType }
        let kinds = container.streams.map(\.kind)
        return kinds.contains(.video) || !kinds.contains(.audio) ? finding.mimeType : sound
    }

    /// The PUID that goes with it.
    var puid: PUID? {
        guard let finding else { return Self.puids[mimeType] }
        if container?.streams.contains(where: { $0.codec == "alac" }) ?? false, mimeType == "audio/mp4" {
            return "fmt/596"
        }
        return mimeType == "audio/x-ms-wma" ? "fmt/132" : finding.puid
    }

    /// Source: DROID V122.
    private static let puids: [MediaType: PUID] = [
        "video/x-flv": "x-fmt/382", "audio/basic": "x-fmt/139", "audio/x-w64": "fmt/951",
    ]

    /// What libavformat found in a file that no reader knows.
    private var recording: MediaType? {
        guard let container else { return nil }
        let isVideo = container.streams.contains { $0.kind == .video }
        guard isVideo || container.streams.contains(where: { $0.kind == .audio }) else { return nil }
        switch container.format.split(separator: ",").first {
        case "flv": return "video/x-flv"
        case "au": return "audio/basic"
        case "w64": return "audio/x-w64"
        case "mpeg" where isVideo: return "video/mpeg"
        case "mpegts" where isVideo: return "video/mp2t"
        default: return nil
        }
    }

    /// Text that libmagic knows and we do not is not text that we know.
    private var guess: MediaType {
        if magic.type == "text" || magic == "application/json" { return .unknown }
        return Self.usual[magic] ?? magic
    }

    /// The usual name of what libmagic names in its own way.
    private static let usual: [MediaType: MediaType] = [
        "application/x-empty": "inode/x-empty", "image/x-ms-bmp": "image/bmp",
        "application/x-dosexec": "application/vnd.microsoft.portable-executable",
        // Claimed without the marks that a reader asks for.
        "audio/mpeg": .unknown, "audio/aac": .unknown, "video/mp4": .unknown, "application/pdf": .unknown,
        "application/zip": .unknown,
    ]
}
