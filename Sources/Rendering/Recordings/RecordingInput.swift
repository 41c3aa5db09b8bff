internal import CTranscoding
internal import Reading

/// A recording that libavformat reads through a sealed file, and no other file along.
final class RecordingInput {
    private let context: UnsafeMutablePointer<AVFormatContext>
    private let cursor: FileCursor
    private var io: UnsafeMutablePointer<AVIOContext>?

    /// Real media, and nothing that opens other files.
    private static let demuxers =
        "mov,matroska,webm,avi,asf,mpegts,mpeg,mpegvideo,ogg,flac,mp3,aac,wav,w64,aiff,amr,amrnb,amrwb,caf,flv,dss,au"
    private static let bufferSize = 64 << 10

    /// - Throws: ``RenderingError`` where libavformat knows no such thing.
    init(_ file: FileBytes) throws(RenderingError) {
        let cursor = FileCursor(file)
        guard let buffer = av_malloc(Self.bufferSize) else { throw .outOfMemory }
        var io = avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self), Int32(Self.bufferSize), 0,
            Unmanaged.passUnretained(cursor).toOpaque(),
            { opaque, target, count in
                let read = FileCursor.from(opaque)?.read(into: target, count: Int(count)) ?? 0
                return read > 0 ? Int32(read) : KS_END
            }, nil,
            { opaque, offset, whence in
                guard let cursor = FileCursor.from(opaque) else { return -1 }
                let plain = whence & ~AVSEEK_FORCE
                return plain == KS_SIZE_IS_ASKED ? cursor.size : cursor.seek(to: offset, whence: plain)
            })
        guard io != nil else {
            av_free(buffer)
            throw .outOfMemory
        }
        guard let context = Self.open(io) else {
            if let io { av_freep(&io.pointee.buffer) }
            avio_context_free(&io)
            throw RenderingError("the recording cannot be read")
        }
        self.io = io
        self.cursor = cursor
        self.context = context
    }

    deinit {
        var context: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&context)
        // The library may have put another buffer in place of ours.
        if let io { av_freep(&io.pointee.buffer) }
        avio_context_free(&io)
    }

    private static func open(_ io: UnsafeMutablePointer<AVIOContext>?) -> UnsafeMutablePointer<AVFormatContext>? {
        var context = avformat_alloc_context()
        context?.pointee.pb = io
        context?.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
        context?.pointee.probesize = 5 << 20
        context?.pointee.max_analyze_duration = 2_000_000
        context?.pointee.max_streams = 64
        var options: OpaquePointer?
        av_dict_set(&options, "format_whitelist", demuxers, 0)
        av_dict_set(&options, "protocol_whitelist", "", 0)
        defer { av_dict_free(&options) }
        // Without a file name: a name would count as evidence. On failure the library frees the context itself.
        guard avformat_open_input(&context, nil, nil, &options) == 0 else { return nil }
        if avformat_find_stream_info(context, nil) < 0 { avformat_close_input(&context) }
        return context
    }

    /// Seconds, or `nil` where the container does not say.
    var duration: Double? {
        let duration = context.pointee.duration
        return duration != KS_NO_TIME && duration > 0 ? Double(duration) / Double(AV_TIME_BASE) : nil
    }

    /// The track of this type that players choose; no picture that is only attached.
    func track(_ type: AVMediaType) -> UnsafeMutablePointer<AVStream>? {
        let index = av_find_best_stream(context, type, -1, -1, nil, 0)
        guard index >= 0, let stream = context.pointee.streams[Int(index)],
            stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
        else { return nil }
        return stream
    }

    /// Reads the next packet, its times counted from the beginning; `false` at
    /// the end, or where the file is damaged beyond reading on. Times of damaged files can wrap around.
    func read(into packet: UnsafeMutablePointer<AVPacket>) -> Bool {
        guard av_read_frame(context, packet) >= 0,
            let stream = context.pointee.streams[Int(packet.pointee.stream_index)]
        else { return false }
        let start = context.pointee.start_time
        if start != KS_NO_TIME {
            let offset = av_rescale_q(start, AVRational(num: 1, den: AV_TIME_BASE), stream.pointee.time_base)
            if packet.pointee.pts != KS_NO_TIME { packet.pointee.pts &-= offset }
            if packet.pointee.dts != KS_NO_TIME { packet.pointee.dts &-= offset }
        }
        return true
    }

    /// How much of the recording lies before a packet that was read, where that is known.
    func share(before packet: UnsafeMutablePointer<AVPacket>) -> Double? {
        guard let duration, packet.pointee.pts != KS_NO_TIME,
            let stream = context.pointee.streams[Int(packet.pointee.stream_index)]
        else { return nil }
        return Double(packet.pointee.pts) * stream.pointee.time_base.value / duration
    }

    /// Goes to a key picture at or before the time; stays where it is if that cannot be done.
    func seek(to seconds: Double) {
        let start = max(0, context.pointee.start_time)
        let target = Int64(seconds * Double(AV_TIME_BASE)) + start
        avformat_seek_file(context, -1, Int64.min, target, target, 0)
    }
}
