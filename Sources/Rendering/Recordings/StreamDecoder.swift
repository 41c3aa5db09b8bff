internal import CTranscoding

/// Decodes one track, on this thread alone.
final class StreamDecoder {
    private let context: UnsafeMutablePointer<AVCodecContext>
    private let frame: MediaFrame

    /// - Throws: ``RenderingError`` where there is no decoder for the track.
    convenience init(_ stream: UnsafeMutablePointer<AVStream>) throws(RenderingError) {
        let parameters = stream.pointee.codecpar
        try self.init(parameters.map(\.pointee.codec_id) ?? AV_CODEC_ID_NONE) { context in
            avcodec_parameters_to_context(context, parameters)
        }
        context.pointee.pkt_timebase = stream.pointee.time_base
    }

    /// A decoder for a codec of which no more is known.
    init(
        _ codec: AVCodecID, configure: (UnsafeMutablePointer<AVCodecContext>) -> Int32 = { _ in 0 }
    ) throws(RenderingError) {
        guard let decoder = avcodec_find_decoder(codec), let context = avcodec_alloc_context3(decoder) else {
            throw RenderingError("there is no decoder for this recording")
        }
        self.context = context
        frame = try MediaFrame()
        try LibAV.check(configure(context), "the recording cannot be decoded")
        context.pointee.thread_count = 1
        // Pictures that nobody could show.
        context.pointee.max_pixels = 250_000_000
        try LibAV.check(avcodec_open2(context, decoder, nil), "the recording cannot be decoded")
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&context)
    }

    /// Decodes a packet, or with none what is left; damaged packets are left out.
    ///
    /// - Parameter take: gets each frame, which is used again afterwards.
    func decode(
        _ packet: UnsafeMutablePointer<AVPacket>?,
        _ take: (UnsafeMutablePointer<AVFrame>) throws(RenderingError) -> Void
    ) throws(RenderingError) {
        _ = avcodec_send_packet(context, packet)
        while avcodec_receive_frame(context, frame.pointer) >= 0 {
            defer { av_frame_unref(frame.pointer) }
            frame.pointer.pointee.pts = frame.pointer.pointee.best_effort_timestamp
            try take(frame.pointer)
        }
    }
}
