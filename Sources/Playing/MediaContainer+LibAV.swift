internal import CLibAV
internal import Probing
internal import Reading

/// What libavformat finds in a container of audio and video.
extension MediaContainer {
    /// Real media, and nothing that opens other files.
    private static let demuxers =
        "mov,matroska,webm,avi,asf,mpegts,mpeg,ogg,flac,mp3,aac,wav,w64,aiff,amr,amrnb,amrwb,caf,flv,dss,au"
    private static let bufferSize = 64 << 10
    private static let maximumTagSize = 256

    /// Reads the container, or answers `nil` where libavformat knows no such thing.
    init?(reading file: FileBytes) {
        let source = MediaReader(file)
        let reader = Unmanaged.passRetained(source)
        defer { reader.release() }
        guard let buffer = av_malloc(Self.bufferSize) else { return nil }
        var io = avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self), Int32(Self.bufferSize), 0, reader.toOpaque(),
            { MediaReader.from($0)?.read(into: $1, count: $2) ?? KS_ERROR_IO }, nil,
            { MediaReader.from($0)?.seek(to: $1, whence: $2) ?? -1 })
        guard io != nil else {
            av_free(buffer)
            return nil
        }
        defer {
            // The library may have put another buffer in place of ours.
            if let io { av_freep(&io.pointee.buffer) }
            avio_context_free(&io)
        }
        guard let opened = Self.open(io) else { return nil }
        var context: UnsafeMutablePointer<AVFormatContext>? = opened
        defer { avformat_close_input(&context) }
        guard avformat_find_stream_info(opened, nil) >= 0 else { return nil }
        source.allow(PlaybackCheck.budget)
        let damage = PlaybackCheck(opened, source).damage
        self.init(opened.pointee, damage: source.isExhausted ? nil : damage)
    }

    private static func open(_ io: UnsafeMutablePointer<AVIOContext>?) -> UnsafeMutablePointer<AVFormatContext>? {
        guard var context = avformat_alloc_context() as UnsafeMutablePointer<AVFormatContext>? else { return nil }
        context.pointee.pb = io
        context.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
        context.pointee.probesize = 5 << 20
        context.pointee.max_analyze_duration = 2_000_000
        context.pointee.max_streams = 64
        var options: OpaquePointer?
        av_dict_set(&options, "format_whitelist", demuxers, 0)
        av_dict_set(&options, "protocol_whitelist", "", 0)
        defer { av_dict_free(&options) }
        // Without a file name: a name would count as evidence. On failure the
        // library frees the context itself.
        var opened: UnsafeMutablePointer<AVFormatContext>? = context
        guard avformat_open_input(&opened, nil, nil, &options) == 0, let opened else { return nil }
        context = opened
        return context
    }

    private init(_ context: AVFormatContext, damage: String?) {
        var streams: [Stream] = []
        var tags = Self.tags(context.metadata)
        for index in 0..<Int(context.nb_streams) {
            guard let stream = context.streams[index]?.pointee else { continue }
            streams.append(Stream(stream))
            tags.merge(Self.tags(stream.metadata)) { first, _ in first }
        }
        self.init(
            format: context.iformat?.pointee.name.map { String(cString: $0) } ?? "",
            duration: context.duration != KS_NOPTS && context.duration > 0
                ? Double(context.duration) / Double(AV_TIME_BASE) : nil,
            streams: streams, tags: tags, damage: damage)
    }

    private static func tags(_ dictionary: OpaquePointer?) -> [String: String] {
        var tags: [String: String] = [:]
        var entry: UnsafeMutablePointer<AVDictionaryEntry>?
        while let next = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX), tags.count < 100 {
            tags[String(cString: next.pointee.key).lowercased()] =
                String(String(cString: next.pointee.value).prefix(maximumTagSize))
            entry = next
        }
        return tags
    }
}

extension MediaContainer.Stream {
    fileprivate init(_ stream: AVStream) {
        let parameters = stream.codecpar.pointee
        let kind: Kind =
            switch parameters.codec_type {
            case AVMEDIA_TYPE_VIDEO: stream.disposition & AV_DISPOSITION_ATTACHED_PIC != 0 ? .picture : .video
            case AVMEDIA_TYPE_AUDIO: .audio
            default: .other
            }
        self.init(
            kind: kind, codec: String(cString: avcodec_get_name(parameters.codec_id)), width: Int(parameters.width),
            height: Int(parameters.height), rotation: Self.rotation(stream),
            isProtected: ["encv", "enca", "drms", "drmi"].contains(Self.tag(parameters.codec_tag)))
    }

    /// Four letters, of which the first is the lowest byte.
    private static func tag(_ number: UInt32) -> String {
        String(decoding: (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }, as: UTF8.self)
    }

    /// From the display matrix, whose angle is counter-clockwise.
    private static func rotation(_ stream: AVStream) -> Int {
        var copy = stream
        var size = 0
        let angle = withUnsafePointer(to: &copy) { pointer -> Double? in
            guard let data = av_stream_get_side_data(pointer, AV_PKT_DATA_DISPLAYMATRIX, &size), size >= 36 else {
                return nil
            }
            return data.withMemoryRebound(to: Int32.self, capacity: 9) { av_display_rotation_get($0) }
        }
        guard let angle, angle.isFinite else { return 0 }
        return (Int((-angle / 90).rounded()) * 90 % 360 + 360) % 360
    }
}
