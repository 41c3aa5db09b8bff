internal import CLibAV
internal import Glibc
package import Probing

extension RecordingPlayer {
    private static let maximumAllocation = 160 << 20

    /// Debian's FFmpeg, with everything loaded that a confined process cannot open any more.
    package static func libav() -> RecordingPlayer {
        av_log_set_level(AV_LOG_QUIET)
        // A picture of 8K has 100 MiB; what wants more lies.
        av_max_alloc(maximumAllocation)
        openConverters()
        return RecordingPlayer(tools: ["libavformat": version]) { MediaContainer(reading: $0) }
    }

    /// Has the C library load what turns the names of stations into UTF-8; as
    /// long as a converter is open, it does not load it again.
    ///
    /// Source: ETSI EN 300 468, annex A; libavformat asks for these.
    private static func openConverters() {
        let parts = (1...16).map { "ISO-8859-\($0)" }
        for name in ["ISO6937", "UCS-2BE", "KSC_5601", "GB2312", "BIG5", "UTF-8"] + parts {
            // Never closed: the process needs it until it ends.
            _ = iconv_open("UTF-8", name)
        }
    }

    /// The library's version, such as `59.27.100`.
    private static var version: String {
        let number = avformat_version()
        return "\(number >> 16).\(number >> 8 & 255).\(number & 255)"
    }
}
