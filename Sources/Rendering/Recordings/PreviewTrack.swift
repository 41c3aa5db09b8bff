internal import CTranscoding

/// One track on its way into a preview.
protocol PreviewTrack: AnyObject {
    /// Takes a packet of the original, or learns that there are no more.
    func take(_ packet: UnsafeMutablePointer<AVPacket>?) throws(RenderingError)
    /// Whether anything has come out.
    var isEmpty: Bool { get }
}
