internal import Artefacts
internal import Reading

/// Lists that say where sound and pictures are: no media, but what makes a player open other files.
///
/// Source: RFC 8216; RFC 8866; FFmpeg's concat demuxer; Microsoft's ASX.
enum Playlist {
    static func finding(in file: FileBytes, _ sample: TextSample) -> FormatFinding? {
        let lower = sample.lower
        if lower.hasPrefix("#extm3u") { return FormatFinding("application/vnd.apple.mpegurl", puid: "x-fmt/279") }
        if lower.hasPrefix("[playlist]") { return FormatFinding("audio/x-scpls") }
        if lower.hasPrefix("[reference]") { return FormatFinding("video/x-ms-asx", puid: "fmt/584") }
        if lower.hasPrefix("ffconcat version") { return FormatFinding("text/x-ffconcat") }
        if lower.hasPrefix("v=0"), sample.lines.count > 2, sample.lines[1].hasPrefix("o=") {
            return FormatFinding("application/sdp")
        }
        return nil
    }

    /// Those that are XML, by their root.
    static let roots: [String: FormatFinding] = [
        "asx": FormatFinding("video/x-ms-asx", puid: "fmt/584"), "mpd": FormatFinding("application/dash+xml"),
        "smil": FormatFinding("application/smil+xml"), "playlist": FormatFinding("application/xspf+xml"),
    ]
}
