internal import CLibAV

/// Whether a recording plays: where its packets lie, and whether its first and last key frame can be decoded.
///
/// A codec that is not known here is no damage.
struct PlaybackCheck {
    /// What is missing, if something is.
    private(set) var damage: String?

    /// Seconds until the end of the last packet that was read.
    private var last: Double?

    private let context: UnsafeMutablePointer<AVFormatContext>
    private let source: MediaReader

    /// Bytes and time for both frames together.
    static let budget = MediaReader.Budget(bytes: 48 << 20, time: .seconds(3))
    private static let maximumIndex: Int32 = 2_000_000
    private static let maximumPackets = 2000
    /// A century in microseconds.
    private static let maximumTime: Int64 = 3_155_760_000_000_000
    private static let maximumPixels: Int64 = 80_000_000
    /// Demuxers whose length is written in the file, and not guessed from what is there; by how many seconds it may be
    /// wrong.
    private static let exact: [String: Double] = ["flac": 0.02, "asf": 3, "avi": 2]

    init(_ context: UnsafeMutablePointer<AVFormatContext>, _ source: MediaReader) {
        (self.context, self.source) = (context, source)
        damage = indexDamage
        if damage == nil { damage = findPlaybackDamage() }
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

    private mutating func findPlaybackDamage() -> String? {
        guard let stream = mainStream else { return nil }
        for other in streams where other != stream { other.pointee.discard = AVDISCARD_ALL }
        guard decodes(stream) != false else { return "its first picture or sound cannot be decoded" }
        let duration = context.pointee.duration
        guard duration != KS_NOPTS, duration > 0 else { return nil }
        let start = context.pointee.start_time == KS_NOPTS ? 0 : context.pointee.start_time
        guard duration < Self.maximumTime, abs(max(start, -Self.maximumTime)) < Self.maximumTime else { return nil }
        guard av_seek_frame(context, -1, start + max(0, duration - Int64(AV_TIME_BASE)), AVSEEK_FLAG_BACKWARD) >= 0
        else { return nil }
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
    private mutating func decodes(_ stream: UnsafeMutablePointer<AVStream>) -> Bool? {
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

    private mutating func decodes(
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
            note(packet)
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
    private mutating func endsEarly(_ stream: UnsafeMutablePointer<AVStream>, _ duration: Int64) -> Bool {
        guard let name = context.pointee.iformat?.pointee.name.map({ String(cString: $0) }),
            let tolerance = Self.exact[name],
            context.pointee.duration_estimation_method != AVFMT_DURATION_FROM_BITRATE
        else { return false }
        var packet = av_packet_alloc()
        defer { av_packet_free(&packet) }
        guard let packet else { return false }
        for _ in 0..<Self.maximumPackets {
            guard av_read_frame(context, packet) >= 0 else {
                guard let last else { return !source.isExhausted }
                let whole = Double(duration) / Double(AV_TIME_BASE)
                return !source.isExhausted && last < whole - tolerance
            }
            defer { av_packet_unref(packet) }
            if packet.pointee.stream_index == stream.pointee.index { note(packet) }
        }
        return false
    }

    /// Remembers when the packet ends.
    private mutating func note(_ packet: UnsafeMutablePointer<AVPacket>) {
        guard let stream = context.pointee.streams[Int(packet.pointee.stream_index)] else { return }
        let base = stream.pointee.time_base
        guard packet.pointee.pts != KS_NOPTS, base.den > 0 else { return }
        let time = Double(packet.pointee.pts) + Double(packet.pointee.duration)
        last = max(last ?? 0, time * Double(base.num) / Double(base.den))
    }
}
