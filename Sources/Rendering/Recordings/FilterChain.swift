internal import CTranscoding

/// Has frames changed by libavfilter, on this thread alone.
///
/// The chain is made for the frames that come, and made anew when they change.
final class FilterChain {
    /// What libavfilter has to know of the frames that come.
    private struct Shape: Equatable {
        let filter: String
        let arguments: String
    }

    private let description: String
    private let timeBase: AVRational
    private let type: AVMediaType
    private let filtered: MediaFrame
    private var shape: Shape?
    private var graph: UnsafeMutablePointer<AVFilterGraph>?
    private var source: UnsafeMutablePointer<AVFilterContext>?
    private var sink: UnsafeMutablePointer<AVFilterContext>?

    /// - Parameters:
    ///   - description: the filters as libavfilter writes them; of our own words and numbers alone.
    ///   - timeBase: that of the frames that come.
    init(_ description: String, for type: AVMediaType, timeBase: AVRational) throws(RenderingError) {
        self.description = description
        self.type = type
        self.timeBase = timeBase
        filtered = try MediaFrame()
    }

    deinit { avfilter_graph_free(&graph) }

    /// Puts a frame in, or says that there are no more, and takes what comes out.
    ///
    /// - Parameter take: gets each frame with the unit of its times; the frame is used again afterwards.
    func filter(
        _ frame: UnsafeMutablePointer<AVFrame>?,
        _ take: (UnsafeMutablePointer<AVFrame>, AVRational) throws(RenderingError) -> Void
    ) throws(RenderingError) {
        if let frame, case let new = shape(of: frame.pointee), new != shape {
            guard frame.pointee.sample_rate <= Self.highestRate else { throw RenderingError(Self.failure) }
            try drain(take)
            try build(new)
        }
        guard let source else { return }
        if frame == nil { return try drain(take) }
        // The frame stays the caller's.
        try LibAV.check(
            av_buffersrc_add_frame_flags(source, frame, Int32(AV_BUFFERSRC_FLAG_KEEP_REF)), Self.failure)
        try pull(take)
    }

    /// Samples in a second. The fastest that is recorded, DSD512, is decoded to half as many; at hundreds of
    /// millions, which a damaged file may claim, libswresample computes filters for minutes.
    private static let highestRate = 6_000_000
    private static let failure = "the recording cannot be converted"

    private func drain(
        _ take: (UnsafeMutablePointer<AVFrame>, AVRational) throws(RenderingError) -> Void
    ) throws(RenderingError) {
        guard let source else { return }
        _ = av_buffersrc_add_frame_flags(source, nil, 0)
        try pull(take)
    }

    private func pull(
        _ take: (UnsafeMutablePointer<AVFrame>, AVRational) throws(RenderingError) -> Void
    ) throws(RenderingError) {
        guard let sink else { return }
        while av_buffersink_get_frame(sink, filtered.pointer) >= 0 {
            defer { av_frame_unref(filtered.pointer) }
            try take(filtered.pointer, av_buffersink_get_time_base(sink))
        }
    }

    private func shape(of frame: AVFrame) -> Shape {
        let time = "time_base=\(timeBase.num)/\(timeBase.den)"
        guard type == AVMEDIA_TYPE_AUDIO else {
            let aspect = frame.sample_aspect_ratio
            return Shape(
                filter: "buffer",
                arguments: "\(time):video_size=\(frame.width)x\(frame.height):pix_fmt=\(frame.format)"
                    + ":pixel_aspect=\(max(0, aspect.num))/\(max(1, aspect.den))")
        }
        return Shape(
            filter: "abuffer",
            arguments: "\(time):sample_rate=\(frame.sample_rate):sample_fmt=\(frame.format)"
                + ":channel_layout=\(Self.layout(of: frame.ch_layout))")
    }

    /// As libavfilter writes it; the usual one where the recording does not say.
    private static func layout(of layout: AVChannelLayout) -> String {
        var usual = AVChannelLayout()
        av_channel_layout_default(&usual, layout.nb_channels)
        var described = layout.order == AV_CHANNEL_ORDER_UNSPEC ? usual : layout
        var text = [CChar](repeating: 0, count: 128)
        av_channel_layout_describe(&described, &text, text.count)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func build(_ new: Shape) throws(RenderingError) {
        avfilter_graph_free(&graph)
        (source, sink, shape) = (nil, nil, nil)
        guard let graph = avfilter_graph_alloc() else { throw .outOfMemory }
        self.graph = graph
        graph.pointee.nb_threads = 1
        let end = type == AVMEDIA_TYPE_AUDIO ? "abuffersink" : "buffersink"
        try LibAV.check(
            avfilter_graph_create_filter(&source, avfilter_get_by_name(new.filter), "in", new.arguments, nil, graph),
            Self.failure)
        try LibAV.check(
            avfilter_graph_create_filter(&sink, avfilter_get_by_name(end), "out", nil, nil, graph), Self.failure)
        var first = avfilter_inout_alloc()
        var last = avfilter_inout_alloc()
        defer {
            avfilter_inout_free(&first)
            avfilter_inout_free(&last)
        }
        first?.pointee.name = av_strdup("in")
        first?.pointee.filter_ctx = source
        last?.pointee.name = av_strdup("out")
        last?.pointee.filter_ctx = sink
        try LibAV.check(avfilter_graph_parse_ptr(graph, description, &last, &first, nil), Self.failure)
        try LibAV.check(avfilter_graph_config(graph, nil), Self.failure)
        shape = new
    }
}
