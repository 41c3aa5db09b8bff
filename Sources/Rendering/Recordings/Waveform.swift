internal import CTranscoding
internal import Reading

/// How loud a recording is over time.
struct Waveform: Hashable, Sendable {
    /// Seconds.
    let duration: Double
    /// The loudest sample of each of so many equal parts of the time, 0 to 255; at most ``maximumCount``.
    let peaks: [UInt8]

    static let maximumCount = 2000

    /// Listens to a whole recording.
    ///
    /// - Throws: ``RenderingError`` where nothing can be heard, or there is too much to listen to.
    init(of file: FileBytes) throws(RenderingError) {
        let input = try RecordingInput(file)
        guard let stream = input.track(AVMEDIA_TYPE_AUDIO) else { throw RenderingError("there is no sound in it") }
        let decoder = try StreamDecoder(stream)
        let rate = 8000
        let chain = try FilterChain(
            "aresample=\(rate),aformat=sample_fmts=flt:channel_layouts=mono", for: AVMEDIA_TYPE_AUDIO,
            timeBase: stream.pointee.time_base)
        var meter = PeakMeter()
        func listen(_ frame: UnsafeMutablePointer<AVFrame>, _: AVRational) {
            guard let data = frame.pointee.data.0 else { return }
            let count = Int(frame.pointee.nb_samples)
            data.withMemoryRebound(to: Float.self, capacity: count) {
                meter.take(UnsafeBufferPointer(start: $0, count: count))
            }
        }
        let packet = try MediaPacket()
        let budget = ProcessorBudget(seconds: 300)
        while input.read(into: packet.pointer) {
            defer { av_packet_unref(packet.pointer) }
            guard packet.pointer.pointee.stream_index == stream.pointee.index else { continue }
            try decoder.decode(packet.pointer) { frame throws(RenderingError) in try chain.filter(frame, listen) }
            try budget.check()
        }
        try decoder.decode(nil) { frame throws(RenderingError) in try chain.filter(frame, listen) }
        try chain.filter(nil, listen)
        guard meter.samples > 0 else { throw RenderingError("no sound of it can be read") }
        duration = Double(meter.samples) / Double(rate)
        peaks = meter.peaks
    }

    init(duration: Double, peaks: [UInt8]) {
        self.duration = duration
        self.peaks = peaks
    }

    /// `{"version":1,"duration":1.5,"peaks":[0,255]}`: seconds, and the loudness of equal parts of the time.
    var json: [UInt8] {
        let milliseconds = Int((duration * 1000).rounded())
        let seconds = "\(milliseconds / 1000).\(String(1000 + milliseconds % 1000).dropFirst())"
        let list = peaks.map { String($0) }.joined(separator: ",")
        return Array("{\"version\":1,\"duration\":\(seconds),\"peaks\":[\(list)]}".utf8)
    }
}
