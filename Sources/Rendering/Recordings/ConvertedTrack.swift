internal import CTranscoding

/// A track that is decoded, changed and encoded again.
final class ConvertedTrack: PreviewTrack {
    private let output: MP4Output
    private let target: UnsafeMutablePointer<AVStream>
    private let decoder: StreamDecoder
    private let chain: FilterChain
    private let encoder: StreamEncoder
    private var samples: Int64 = 0
    private var gaps: ClosedGaps
    private(set) var isEmpty = true

    /// - Parameters:
    ///   - filters: make of whatever is decoded what the encoder takes.
    init(
        _ stream: UnsafeMutablePointer<AVStream>, filters: String, encoder: StreamEncoder, to output: MP4Output
    ) throws(RenderingError) {
        self.output = output
        self.encoder = encoder
        target = try output.newTrack()
        decoder = try StreamDecoder(stream)
        gaps = ClosedGaps(timeBase: stream.pointee.time_base)
        chain = try FilterChain(
            filters, for: stream.pointee.codecpar.pointee.codec_type, timeBase: stream.pointee.time_base)
        try encoder.describe(target)
    }

    /// Of a video: H.264 with no more pixels than a screen on the way has.
    static func video(_ stream: UnsafeMutablePointer<AVStream>, to output: MP4Output) throws(RenderingError)
        -> ConvertedTrack
    {
        let shape = try VideoShape(stream)
        return try ConvertedTrack(
            stream, filters: shape.preview, encoder: .video(shape, stream.pointee.codecpar.pointee), to: output)
    }

    /// Of sound: AAC, mono or stereo.
    static func audio(_ stream: UnsafeMutablePointer<AVStream>, to output: MP4Output) throws(RenderingError)
        -> ConvertedTrack
    {
        let shape = AudioShape(stream.pointee.codecpar.pointee)
        return try ConvertedTrack(stream, filters: shape.preview, encoder: .audio(shape), to: output)
    }

    func take(_ packet: UnsafeMutablePointer<AVPacket>?) throws(RenderingError) {
        try decoder.decode(packet) { frame throws(RenderingError) in
            gaps.close(before: &frame.pointee)
            try chain.filter(frame, encode)
        }
        guard packet == nil else { return }
        try chain.filter(nil, encode)
        try encoder.encode(nil, write)
    }

    private func encode(_ frame: UnsafeMutablePointer<AVFrame>, _ timeBase: AVRational) throws(RenderingError) {
        // Sound comes without gaps, and not every container says when; its samples are the clock.
        let isSound = frame.pointee.nb_samples > 0
        frame.pointee.pts = isSound ? samples : av_rescale_q(frame.pointee.pts, timeBase, encoder.timeBase)
        samples += Int64(frame.pointee.nb_samples)
        // What the original's encoder chose for a picture is nothing to ours.
        frame.pointee.pict_type = AV_PICTURE_TYPE_NONE
        try encoder.encode(frame, write)
    }

    private func write(_ packet: UnsafeMutablePointer<AVPacket>) throws(RenderingError) {
        isEmpty = false
        try output.write(packet, to: target, timeBase: encoder.timeBase)
    }
}
