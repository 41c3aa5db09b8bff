internal import CTranscoding

/// The sound of a preview. Pure.
struct AudioShape {
    /// Samples a second.
    let rate: Int
    /// 1 or 2.
    let channels: Int

    private static let rates = [16000, 22050, 24000, 32000, 44100, 48000]

    init(_ parameters: AVCodecParameters) {
        let rate = Int(parameters.sample_rate)
        self.rate = Self.rates.first { $0 >= rate } ?? 48000
        channels = parameters.ch_layout.nb_channels == 1 ? 1 : 2
    }

    /// Bits a second.
    var bitRate: Int64 { channels == 1 ? 64_000 : 96_000 }

    /// Samples in one packet of AAC.
    static let packetSize = 1024

    /// The filters to what the encoder takes; silence where the recording has gaps.
    var preview: String {
        "aresample=\(rate):async=1:first_pts=0,aformat=sample_fmts=fltp:sample_rates=\(rate)"
            + ":channel_layouts=\(channels == 1 ? "mono" : "stereo"),asetnsamples=n=\(Self.packetSize):p=1"
    }
}
