/// A waveform as bars on nothing, in a colour that shows on light and on dark.
enum WaveformPicture {
    private static let (width, height) = (960, 160)
    private static let (bar, gap) = (3, 1)
    /// At least 4 : 1 against white and against black.
    ///
    /// Source: WCAG 2.2, 1.4.11, which wants 3 : 1.
    private static let colour: [UInt8] = [0x4F, 0x7F, 0xAF, 0xFF]

    static func picture(of waveform: Waveform) throws(RenderingError) -> Picture {
        var pixels = [UInt8](repeating: 0, count: width * height * 4)
        let bars = width / (bar + gap)
        // Somebody who speaks low can be seen too.
        let loudest = max(1, Int(waveform.peaks.max() ?? 0))
        for index in 0..<bars {
            let first = index * waveform.peaks.count / bars
            let last = max(first + 1, (index + 1) * waveform.peaks.count / bars)
            let peak = waveform.peaks[first..<min(last, waveform.peaks.count)].max() ?? 0
            let half = max(1, Int(peak) * (height / 2) / loudest)
            for row in height / 2 - half..<height / 2 + half {
                for column in index * (bar + gap)..<index * (bar + gap) + bar {
                    let start = (row * width + column) * 4
                    pixels.replaceSubrange(start..<start + 4, with: colour)
                }
            }
        }
        guard let picture = Picture(width: width, height: height, bands: 4, pixels: pixels) else { throw .outOfMemory }
        return picture
    }
}
