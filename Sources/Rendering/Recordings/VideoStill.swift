internal import CTranscoding
internal import Reading

/// A picture out of a video, or out of a file that libavcodec reads as one.
enum VideoStill {
    /// A picture from about the first second, when whoever films holds still.
    ///
    /// - Parameter side: most pixels on the longer side.
    static func picture(in file: FileBytes, side: Int) throws(RenderingError) -> Picture {
        do throws(RenderingError) {
            return try picture(in: file, side: side, winding: true)
        } catch {
            // Not every container can be wound to a picture that stands for itself.
            return try picture(in: file, side: side, winding: false)
        }
    }

    private static func picture(
        in file: FileBytes, side: Int, winding: Bool
    ) throws(RenderingError) -> Picture {
        let input = try RecordingInput(file)
        guard let stream = input.track(AVMEDIA_TYPE_VIDEO) else { throw RenderingError("the video has no picture") }
        let shape = try VideoShape(stream)
        let decoder = try StreamDecoder(stream)
        let target = min(1, (input.duration ?? 0) / 10)
        if winding, target > 0 { input.seek(to: target) }
        let packet = try MediaPacket()
        let chosen = try MediaFrame()
        var isFound = false
        func choose(_ frame: UnsafeMutablePointer<AVFrame>) {
            guard !isFound else { return }
            av_frame_unref(chosen.pointer)
            av_frame_ref(chosen.pointer, frame)
            isFound = Double(frame.pointee.pts) * stream.pointee.time_base.value >= target
        }
        // A video of which so much shows no picture shows none.
        for _ in 0..<2000 where !isFound && input.read(into: packet.pointer) {
            defer { av_packet_unref(packet.pointer) }
            guard packet.pointer.pointee.stream_index == stream.pointee.index else { continue }
            try decoder.decode(packet.pointer, choose)
        }
        if !isFound { try decoder.decode(nil, choose) }
        guard chosen.pointer.pointee.width > 0 else { throw RenderingError("no picture of the video can be read") }
        return try picture(of: chosen.pointer, as: shape.still(side: side), stream.pointee.time_base)
    }

    /// A picture in a format that libvips does not read.
    static func picture(_ codec: AVCodecID, in file: FileBytes, side: Int) throws(RenderingError) -> Picture {
        let maximumSize: Int64 = 512 << 20
        guard file.size <= maximumSize else { throw RenderingError("the picture is too large") }
        let decoder = try StreamDecoder(codec)
        let packet = try MediaPacket(file.read(at: 0, count: Int(file.size)))
        var result: Picture?
        func take(_ frame: UnsafeMutablePointer<AVFrame>) throws(RenderingError) {
            let shape = VideoShape(width: Double(frame.pointee.width), height: Double(frame.pointee.height))
            result = try picture(of: frame, as: shape.still(side: side), AVRational(num: 1, den: 1))
        }
        try decoder.decode(packet.pointer, take)
        if result == nil { try decoder.decode(nil, take) }
        guard let result else { throw RenderingError("the picture cannot be read") }
        return result
    }

    private static func picture(
        of frame: UnsafeMutablePointer<AVFrame>, as filters: String, _ timeBase: AVRational
    ) throws(RenderingError) -> Picture {
        let chain = try FilterChain(filters, for: AVMEDIA_TYPE_VIDEO, timeBase: timeBase)
        var result: Picture?
        func take(_ frame: UnsafeMutablePointer<AVFrame>, _: AVRational) {
            let (width, height) = (Int(frame.pointee.width), Int(frame.pointee.height))
            guard let data = frame.pointee.data.0, width > 0, height > 0 else { return }
            let stride = Int(frame.pointee.linesize.0)
            var pixels: [UInt8] = []
            pixels.reserveCapacity(width * height * 3)
            for row in 0..<height {
                pixels += UnsafeBufferPointer(start: data + row * stride, count: width * 3)
            }
            result = Picture(width: width, height: height, bands: 3, pixels: pixels)
        }
        try chain.filter(frame, take)
        try chain.filter(nil, take)
        guard let result else { throw RenderingError("no picture of the video can be read") }
        return result
    }
}
