internal import Artefacts
internal import CTranscoding
internal import Reading

/// A recording as every browser plays it: MP4 with H.264 and AAC.
///
/// What is H.264 or AAC already is copied; the rest is converted.
struct RecordingPreview {
    /// Seconds of the processor's time; a process has 900 for all.
    private static let budget = 780.0

    private let input: RecordingInput
    private let output: MP4Output
    private var tracks: [Int32: any PreviewTrack] = [:]

    /// - Parameter type: `audio` for the sound alone.
    init(of file: FileBytes, type: String) throws(RenderingError) {
        input = try RecordingInput(file)
        output = try MP4Output()
        if type != "audio", let stream = input.track(AVMEDIA_TYPE_VIDEO) {
            tracks[stream.pointee.index] =
                if CopiedTrack.canCopy(stream) {
                    try CopiedTrack(stream, to: output)
                } else {
                    try ConvertedTrack.video(stream, to: output)
                }
        }
        if let stream = input.track(AVMEDIA_TYPE_AUDIO) {
            tracks[stream.pointee.index] =
                if CopiedTrack.canCopy(stream) {
                    try CopiedTrack(stream, to: output)
                } else {
                    try ConvertedTrack.audio(stream, to: output)
                }
        }
        guard !tracks.isEmpty else { throw RenderingError("there is neither picture nor sound in it") }
    }

    /// Makes the whole preview, and then writes it.
    func write(to writer: DerivativeWriter, as type: MediaType) throws(RenderingError) {
        try output.begin()
        let budget = ProcessorBudget(seconds: Self.budget)
        let packet = try MediaPacket()
        while input.read(into: packet.pointer) {
            defer { av_packet_unref(packet.pointer) }
            let share = input.share(before: packet.pointer)
            try tracks[packet.pointer.pointee.stream_index]?.take(packet.pointer)
            try budget.check(done: share)
        }
        for index in tracks.keys.sorted() { try tracks[index]?.take(nil) }
        guard !tracks.values.allSatisfy(\.isEmpty) else { throw RenderingError("nothing of it can be read") }
        try writer.begin(as: type)
        try output.end(to: writer)
    }
}
