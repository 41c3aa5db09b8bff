/// Finds the loudest sample of each of many equal parts, however long it goes on. Pure.
struct PeakMeter {
    /// Samples in one part; doubled whenever there are too many parts.
    private var span = 80
    private var parts: [Float] = []
    private(set) var samples = 0

    mutating func take(_ new: some Sequence<Float>) {
        for sample in new {
            if samples % span == 0 { begin() }
            let loudness = sample.magnitude
            if loudness > parts[parts.count - 1] { parts[parts.count - 1] = loudness }
            samples += 1
        }
    }

    /// 0 to 255, where 255 is as loud as a recording can be.
    var peaks: [UInt8] { parts.map { UInt8(max(0, min(255, ($0 * 255).rounded()))) } }

    private mutating func begin() {
        if parts.count == Waveform.maximumCount {
            parts = stride(from: 0, to: parts.count, by: 2).map { max(parts[$0], parts[$0 + 1]) }
            span *= 2
        }
        parts.append(0)
    }
}
