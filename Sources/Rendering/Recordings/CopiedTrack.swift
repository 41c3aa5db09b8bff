internal import CTranscoding

/// A track that browsers play as it is, but for what does not belong to picture or sound.
final class CopiedTrack: PreviewTrack {
    private let output: MP4Output
    private let target: UnsafeMutablePointer<AVStream>
    private var filter: UnsafeMutablePointer<AVBSFContext>?
    private(set) var isEmpty = true

    /// Cameras write dates and places into the supplements of pictures.
    ///
    /// Source: ITU-T H.264, 7.4.1, NAL unit type 6 (SEI).
    private static let filters = [AV_CODEC_ID_H264: "filter_units=remove_types=6"]

    init(_ stream: UnsafeMutablePointer<AVStream>, to output: MP4Output) throws(RenderingError) {
        self.output = output
        target = try output.newTrack()
        let codec = stream.pointee.codecpar.pointee.codec_id
        try LibAV.check(av_bsf_list_parse_str(Self.filters[codec] ?? "null", &filter), Self.failure)
        filter?.pointee.time_base_in = stream.pointee.time_base
        try LibAV.check(avcodec_parameters_copy(filter?.pointee.par_in, stream.pointee.codecpar), Self.failure)
        try LibAV.check(av_bsf_init(filter), Self.failure)
        try LibAV.check(avcodec_parameters_copy(target.pointee.codecpar, filter?.pointee.par_out), Self.failure)
        // That of the original's container.
        target.pointee.codecpar.pointee.codec_tag = 0
        target.pointee.time_base = stream.pointee.time_base
        target.pointee.sample_aspect_ratio = stream.pointee.sample_aspect_ratio
        try copyRotation(of: stream)
    }

    deinit { av_bsf_free(&filter) }

    private static let failure = "the recording cannot be copied"

    /// Whether every browser plays the track in an MP4.
    static func canCopy(_ stream: UnsafeMutablePointer<AVStream>) -> Bool {
        let parameters = stream.pointee.codecpar.pointee
        switch parameters.codec_id {
        case AV_CODEC_ID_AAC: return parameters.sample_rate > 0 && parameters.extradata_size > 0
        case AV_CODEC_ID_H264:
            let pixels = [AV_PIX_FMT_YUV420P.rawValue, AV_PIX_FMT_YUVJ420P.rawValue]
            return pixels.contains(parameters.format) && parameters.extradata_size > 0
                && parameters.color_trc != AVCOL_TRC_SMPTE2084 && parameters.color_trc != AVCOL_TRC_ARIB_STD_B67
        default: return false
        }
    }

    func take(_ packet: UnsafeMutablePointer<AVPacket>?) throws(RenderingError) {
        // Without its time a packet cannot be put into an MP4.
        if let packet, packet.pointee.dts == KS_NO_TIME { return }
        guard av_bsf_send_packet(filter, packet) >= 0 else { return }
        let filtered = try MediaPacket()
        while av_bsf_receive_packet(filter, filtered.pointer) >= 0 {
            isEmpty = false
            let timeBase = filter.map(\.pointee.time_base_out) ?? target.pointee.time_base
            try output.write(filtered.pointer, to: target, timeBase: timeBase)
        }
    }

    private func copyRotation(of stream: UnsafeMutablePointer<AVStream>) throws(RenderingError) {
        var size = 0
        guard let matrix = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size), size > 0 else { return }
        guard let copy = av_stream_new_side_data(target, AV_PKT_DATA_DISPLAYMATRIX, size) else { throw .outOfMemory }
        copy.update(from: matrix, count: size)
    }
}
