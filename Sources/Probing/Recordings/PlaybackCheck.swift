internal import CLibAV

/// Whether a recording plays: where its packets lie, and whether its first and last key frame can be decoded.
///
/// A codec that is not known here is no damage.
struct PlaybackCheck {
    /// What is missing, if something is.
    private(set) var damage: String?

    private let context: UnsafeMutablePointer<AVFormatContext>
    private let source: MediaReader

    /// Bytes and time for both frames together.
    static let budget = MediaReader.Budget(bytes: 48 << 20, time: .seconds(3))
    private static let maximumIndex: Int32 = 2_000_000
    private static let maximumPackets = 2000
    /// A century in microseconds.
    private static let maximumTime: Int64 = 3_155_760_000_000_000
    private static let maximumPixels: Int64 = 80_000_000
    /// Demuxers whose length is written in the file, and not guessed from what is there.
    private static let exact: Set<String> = ["flac", "asf", "avi"]

    init(_ context: UnsafeMutablePointer<AVFormatContext>, _ source: MediaReader) {
        (self.context, self.source) = (context, source)
        damage = indexDamage ?? playbackDamage
    }

    private var streams: [UnsafeMutablePointer<AVStream>] {
        (0..<Int(context.pointee.nb_streams)).compactMap { context.pointee.streams[$0] }
    }

    /// A film that was cut has its table of samples, but not the samples.
    private var indexDamage: String? {
        let size = avio_size(context.pointee.pb)
        for stream in streams {
            for index in 0..<min(avformat_index_get_entries_count(stream), Self.maximumIndex)
            where ks_index_end(stream, index) > size {
                return "a sample lies behind the end"
            }
        }
        return nil
    }

    private var playbackDamage: String? {
        guard let stream = mainStream else { return nil }
        for other in streams where other != stream { other.pointee.discard = AVDISCARD_ALL }
        guard decodes(stream) != false else { return "its first picture or sound cannot be decoded" }
        let duration = context.pointee.duration
        guard duration != KS_NOPTS, duration > 2 * Int64(AV_TIME_BASE) else { return nil }
        let start = context.pointee.start_time == KS_NOPTS ? 0 : context.pointee.start_time
        guard duration < Self.maximumTime, abs(max(start, -Self.maximumTime)) < Self.maximumTime else { return nil }
        guard av_seek_frame(context, -1, start + duration - Int64(AV_TIME_BASE), AVSEEK_FLAG_BACKWARD) >= 0 else {
            return nil
        }
        guard decodes(stream) != false else { return "its last picture or sound cannot be decoded" }
        return endsEarly(stream, duration) ? "it ends before its time" : nil
    }

    /// The picture, or else the sound.
    private var mainStream: UnsafeMutablePointer<AVStream>? {
        let streams = streams.filter { $0.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0 }
        return streams.first { $0.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO }
            ?? streams.first { $0.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_AUDIO }
    }

    /// Whether a frame comes out of the next packets; `nil` where nobody can say.
    private func decodes(_ stream: UnsafeMutablePointer<AVStream>) -> Bool? {
        let parameters = stream.pointee.codecpar
        guard let parameters, let decoder = avcodec_find_decoder(parameters.pointee.codec_id),
            Int64(parameters.pointee.width) * Int64(parameters.pointee.height) <= Self.maximumPixels
        else { return nil }
        var codec = avcodec_alloc_context3(decoder)
        defer { avcodec_free_context(&codec) }
        guard let codec, avcodec_parameters_to_context(codec, parameters) >= 0 else { return nil }
        codec.pointee.thread_count = 1
        codec.pointee.skip_loop_filter = AVDISCARD_ALL
        guard avcodec_open2(codec, decoder, nil) >= 0 else { return nil }
        var (packet, frame) = (av_packet_alloc(), av_frame_alloc())
        defer {
            av_packet_free(&packet)
            av_frame_free(&frame)
        }
        guard let packet, let frame else { return nil }
        return decodes(stream.pointee.index, codec, packet, frame)
    }

    private func decodes(
        _ index: Int32, _ codec: UnsafeMutablePointer<AVCodecContext>, _ packet: UnsafeMutablePointer<AVPacket>,
        _ frame: UnsafeMutablePointer<AVFrame>
    ) -> Bool? {
        var sent = 0
        for _ in 0..<Self.maximumPackets where !source.isExhausted {
            guard av_read_frame(context, packet) >= 0 else { break }
            defer { av_packet_unref(packet) }
            guard packet.pointee.stream_index == index, sent > 0 || packet.pointee.flags & AV_PKT_FLAG_KEY != 0 else {
                continue
            }
            sent += 1
            _ = avcodec_send_packet(codec, packet)
            if avcodec_receive_frame(codec, frame) >= 0 { return true }
            if sent == 50 { break }
        }
        // No packet at all is found out by whatever tells how long it is.
        guard sent > 0, !source.isExhausted else { return nil }
        _ = avcodec_send_packet(codec, nil)
        return avcodec_receive_frame(codec, frame) >= 0
    }

    /// Reads on to the end.
    private func endsEarly(_ stream: UnsafeMutablePointer<AVStream>, _ duration: Int64) -> Bool {
        guard let name = context.pointee.iformat?.pointee.name.map({ String(cString: $0) }), Self.exact.contains(name),
            context.pointee.duration_estimation_method != AVFMT_DURATION_FROM_BITRATE
        else { return false }
        var packet = av_packet_alloc()
        defer { av_packet_free(&packet) }
        guard let packet else { return false }
        var last: Double?
        let base = stream.pointee.time_base
        for _ in 0..<Self.maximumPackets {
            guard av_read_frame(context, packet) >= 0 else {
                guard let last else { return !source.isExhausted }
                let whole = Double(duration) / Double(AV_TIME_BASE)
                return !source.isExhausted && last < whole - max(2, whole / 20)
            }
            defer { av_packet_unref(packet) }
            if packet.pointee.stream_index == stream.pointee.index, packet.pointee.pts != KS_NOPTS, base.den > 0 {
                let time =
                    (Double(packet.pointee.pts) + Double(packet.pointee.duration)) * Double(base.num) / Double(base.den)
                last = max(last ?? 0, time)
            }
        }
        return false
    }
}
