internal import CTranscoding

/// Takes time out of a track in which there would be neither picture nor sound for long, and puts in what was gone back.
///
/// Where one bit of a time is wrong, hours of silence, or of the same picture, would be made to fill them. A screen that
/// was recorded can stand still for minutes, and its sound goes on: less than an hour is believed, and takes a bounded
/// time to fill.
struct ClosedGaps {
    /// Seconds that are believed.
    private static let longest = 3600.0

    /// Of the track's times, in seconds.
    private let timeBase: AVRational
    /// Where the frame before ended.
    private var end: Int64 = 0
    private var takenOut: Int64 = 0

    init(timeBase: AVRational) { self.timeBase = timeBase }

    /// Moves the next frame to where it belongs. Times that wrap around come from wrong files alone.
    mutating func close(before frame: inout AVFrame) {
        guard frame.pts != KS_NO_TIME else { return }
        let time = frame.pts &- takenOut
        if abs(Double(time) - Double(end)) * timeBase.value > Self.longest { takenOut &+= time &- end }
        frame.pts &-= takenOut
        end = frame.pts &+ duration(of: frame)
    }

    /// A picture is there until the next.
    private func duration(of frame: AVFrame) -> Int64 {
        guard frame.nb_samples > 0, frame.sample_rate > 0 else { return 0 }
        return av_rescale_q(Int64(frame.nb_samples), AVRational(num: 1, den: frame.sample_rate), timeBase)
    }
}
