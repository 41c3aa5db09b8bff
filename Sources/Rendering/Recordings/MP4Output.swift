internal import CTranscoding

/// An MP4 whose index comes first, so that browsers can play and wind it at
/// once; without date, title, place or device.
///
/// The index is known last, so the whole is put together in memory.
final class MP4Output {
    let context: UnsafeMutablePointer<AVFormatContext>
    private let file: MemoryFile
    private let cursor: MemoryCursor
    private var reader: MemoryCursor?
    private var isBegun = false

    init() throws(RenderingError) {
        file = try MemoryFile()
        cursor = try MemoryCursor(file)
        var context: UnsafeMutablePointer<AVFormatContext>?
        try LibAV.check(avformat_alloc_output_context2(&context, nil, "mp4", nil), Self.failure)
        guard let context else { throw .outOfMemory }
        self.context = context
        context.pointee.pb = cursor.io
        context.pointee.flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT
        context.pointee.opaque = Unmanaged.passUnretained(self).toOpaque()
        // To put the index first, the library reads what it wrote.
        context.pointee.io_open = { context, io, _, _, _ in
            guard let opaque = context?.pointee.opaque else { return KS_DENIED }
            let output = Unmanaged<MP4Output>.fromOpaque(opaque).takeUnretainedValue()
            output.reader = try? output.cursor.reopenToRead()
            io?.pointee = output.reader?.io
            return output.reader == nil ? KS_DENIED : 0
        }
        context.pointee.io_close2 = { context, _ in
            guard let opaque = context?.pointee.opaque else { return 0 }
            Unmanaged<MP4Output>.fromOpaque(opaque).takeUnretainedValue().reader = nil
            return 0
        }
    }

    deinit { avformat_free_context(context) }

    private static let failure = "the preview cannot be written"

    /// A new track, whose parameters the caller fills in before ``begin()``.
    func newTrack() throws(RenderingError) -> UnsafeMutablePointer<AVStream> {
        guard let stream = avformat_new_stream(context, nil) else { throw .outOfMemory }
        return stream
    }

    func begin() throws(RenderingError) {
        var options: OpaquePointer?
        av_dict_set(&options, "movflags", "faststart", 0)
        defer { av_dict_free(&options) }
        try LibAV.check(avformat_write_header(context, &options), Self.failure)
        isBegun = true
    }

    /// Puts a packet into a track, in between those of the others; the packet is empty afterwards.
    func write(
        _ packet: UnsafeMutablePointer<AVPacket>, to track: UnsafeMutablePointer<AVStream>, timeBase: AVRational
    ) throws(RenderingError) {
        packet.pointee.stream_index = track.pointee.index
        packet.pointee.pos = -1
        av_packet_rescale_ts(packet, timeBase, track.pointee.time_base)
        let result = av_interleaved_write_frame(context, packet)
        guard result != KS_TOO_LARGE else { throw RenderingError("the preview would be too large") }
        try LibAV.check(result, Self.failure)
    }

    /// Ends the file and hands it on.
    func end(to writer: DerivativeWriter) throws(RenderingError) {
        try LibAV.check(av_write_trailer(context), Self.failure)
        avio_flush(cursor.io)
        guard cursor.io.map({ $0.pointee.error }) ?? 0 >= 0 else {
            throw RenderingError("the preview would be too large")
        }
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        var position: Int64 = 0
        while case let count = piece.withUnsafeMutableBytes({ file.read(into: $0, at: position) }), count > 0 {
            try writer.write(piece[..<count])
            position += Int64(count)
        }
    }
}
