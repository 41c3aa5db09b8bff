internal import CTranscoding

/// How the pictures of a video are to be shown, and the filters that make them so. Pure.
struct VideoShape {
    /// Pixels as they are shown, before they are turned.
    private let width: Double
    private let height: Double
    /// Degrees by which the picture is to be turned clockwise: 0, 90, 180 or 270.
    let rotation: Int
    /// Brighter than a browser's screen is taken to be.
    private let isHighDynamicRange: Bool

    init(_ stream: UnsafeMutablePointer<AVStream>) throws(RenderingError) {
        guard let parameters = stream.pointee.codecpar?.pointee, parameters.width > 0, parameters.height > 0 else {
            throw RenderingError("the video has no picture")
        }
        let aspect = av_guess_sample_aspect_ratio(nil, stream, nil).value
        self.init(
            width: Double(parameters.width) * (aspect > 0.1 && aspect < 10 ? aspect : 1),
            height: Double(parameters.height), rotation: Self.rotation(stream),
            isHighDynamicRange: parameters.color_trc == AVCOL_TRC_SMPTE2084
                || parameters.color_trc == AVCOL_TRC_ARIB_STD_B67)
    }

    /// A picture that is shown as it is.
    init(width: Double, height: Double, rotation: Int = 0, isHighDynamicRange: Bool = false) {
        self.width = width
        self.height = height
        self.rotation = rotation
        self.isHighDynamicRange = isHighDynamicRange
    }

    /// The filters to a picture of red, green and blue, no larger than `side` on its longer side.
    func still(side: Int) -> String {
        ([scaled(longer: side, shorter: side, multipleOf: 1)] + toned + ["format=rgb24"] + turned)
            .joined(separator: ",")
    }

    /// The filters to what every browser decodes: 8 bits, no more than 1280 × 720 pixels, 30 pictures a second.
    var preview: String {
        ([scaled(longer: 1280, shorter: 720, multipleOf: 2) + ":out_range=tv"] + toned
            + ["format=yuv420p", "setsar=1"] + turned + ["fps=30"]).joined(separator: ",")
    }

    /// Pixels of the preview, as they are shown.
    var previewSize: (width: Int, height: Int) {
        let (width, height) = size(longer: 1280, shorter: 720, multipleOf: 2)
        return rotation % 180 == 0 ? (width, height) : (height, width)
    }

    /// Whether the preview's colours are those of HDTV, whatever the original's were.
    var isToned: Bool { isHighDynamicRange }

    private func size(longer: Int, shorter: Int, multipleOf unit: Int) -> (width: Int, height: Int) {
        let scale = min(1, Double(longer) / max(width, height), Double(shorter) / min(width, height))
        func pixels(_ length: Double) -> Int { max(unit, Int((length * scale / Double(unit)).rounded()) * unit) }
        return (pixels(width), pixels(height))
    }

    private func scaled(longer: Int, shorter: Int, multipleOf unit: Int) -> String {
        let (width, height) = size(longer: longer, shorter: shorter, multipleOf: unit)
        // Exact, or the same picture could become other bytes.
        return "scale=\(width):\(height):flags=bicubic+accurate_rnd+bitexact"
    }

    /// From what only a bright screen shows to what every screen does.
    ///
    /// Source: FFmpeg's wiki and manual, zscale and tonemap.
    private var toned: [String] {
        guard isHighDynamicRange else { return [] }
        return [
            "zscale=t=linear:npl=100", "format=gbrpf32le", "zscale=p=bt709", "tonemap=hable:desat=0",
            "zscale=t=bt709:m=bt709:r=tv",
        ]
    }

    private var turned: [String] {
        switch rotation {
        case 90: ["transpose=clock"]
        case 180: ["hflip", "vflip"]
        case 270: ["transpose=cclock"]
        default: []
        }
    }

    /// From the display matrix, whose angle is counter-clockwise.
    private static func rotation(_ stream: UnsafeMutablePointer<AVStream>) -> Int {
        var size = 0
        guard let data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size), size >= 36 else { return 0 }
        let angle = data.withMemoryRebound(to: Int32.self, capacity: 9) { av_display_rotation_get($0) }
        guard angle.isFinite else { return 0 }
        return (Int((-angle / 90).rounded()) * 90 % 360 + 360) % 360
    }
}
