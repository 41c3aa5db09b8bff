internal import CTranscoding

/// Encodes one track, on this thread alone, and always to the same bytes.
final class StreamEncoder {
    private let context: UnsafeMutablePointer<AVCodecContext>
    private let packet: MediaPacket

    /// The unit of the times of frames and packets.
    var timeBase: AVRational { context.pointee.time_base }

    private init(
        _ name: String, options: [String: String] = [:], _ configure: (UnsafeMutablePointer<AVCodecContext>) -> Void
    ) throws(RenderingError) {
        let failure = "this machine cannot make previews of recordings"
        guard let encoder = avcodec_find_encoder_by_name(name), let context = avcodec_alloc_context3(encoder) else {
            throw RenderingError(failure)
        }
        self.context = context
        packet = try MediaPacket()
        context.pointee.thread_count = 1
        context.pointee.flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_GLOBAL_HEADER
        configure(context)
        var dictionary: OpaquePointer?
        defer { av_dict_free(&dictionary) }
        for (name, value) in options { av_dict_set(&dictionary, name, value, 0) }
        try LibAV.check(avcodec_open2(context, encoder, &dictionary), failure)
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&context)
    }

    /// H.264 as every browser plays it.
    static func video(_ shape: VideoShape, _ original: AVCodecParameters) throws(RenderingError) -> StreamEncoder {
        try StreamEncoder("libx264", options: ["preset": "veryfast", "crf": "26"]) { context in
            let size = shape.previewSize
            context.pointee.width = Int32(size.width)
            context.pointee.height = Int32(size.height)
            context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
            context.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
            context.pointee.time_base = AVRational(num: 1, den: 90000)
            context.pointee.framerate = AVRational(num: 30, den: 1)
            // Five seconds: to that people wind.
            context.pointee.gop_size = 150
            context.pointee.color_range = AVCOL_RANGE_MPEG
            context.pointee.color_primaries = shape.isToned ? AVCOL_PRI_BT709 : original.color_primaries
            context.pointee.color_trc = shape.isToned ? AVCOL_TRC_BT709 : original.color_trc
            context.pointee.colorspace = shape.isToned ? AVCOL_SPC_BT709 : original.color_space
        }
    }

    static func audio(_ shape: AudioShape) throws(RenderingError) -> StreamEncoder {
        try StreamEncoder("aac") { context in
            context.pointee.sample_rate = Int32(shape.rate)
            context.pointee.sample_fmt = AV_SAMPLE_FMT_FLTP
            context.pointee.bit_rate = shape.bitRate
            context.pointee.time_base = AVRational(num: 1, den: Int32(shape.rate))
            av_channel_layout_default(&context.pointee.ch_layout, Int32(shape.channels))
        }
    }

    /// Tells a new track what will come.
    func describe(_ track: UnsafeMutablePointer<AVStream>) throws(RenderingError) {
        try LibAV.check(
            avcodec_parameters_from_context(track.pointee.codecpar, context), "the preview cannot be written")
        track.pointee.time_base = context.pointee.time_base
    }

    /// Encodes a frame, or with none what is left.
    ///
    /// - Parameter take: gets each packet, and may take its bytes away.
    func encode(
        _ frame: UnsafeMutablePointer<AVFrame>?,
        _ take: (UnsafeMutablePointer<AVPacket>) throws(RenderingError) -> Void
    ) throws(RenderingError) {
        try LibAV.check(avcodec_send_frame(context, frame), "the recording cannot be converted")
        while avcodec_receive_packet(context, packet.pointer) >= 0 {
            defer { av_packet_unref(packet.pointer) }
            try take(packet.pointer)
        }
    }
}
