/// What stands in a container of audio and video, as a ``RecordingPlayer`` tells it.
package struct MediaContainer: Sendable, Hashable {
    /// One track.
    package struct Stream: Sendable, Hashable {
        package enum Kind: Sendable { case video, audio, picture, other }
        let kind: Kind
        /// The codec's short name, such as `h264`.
        let codec: String
        let width: Int
        let height: Int
        /// Degrees by which the picture is to be turned clockwise: 0, 90, 180, 270.
        let rotation: Int
        /// Whether it can be played only with a licence.
        let isProtected: Bool

        package init(kind: Kind, codec: String, width: Int, height: Int, rotation: Int, isProtected: Bool) {
            self.kind = kind
            self.codec = codec
            self.width = width
            self.height = height
            self.rotation = rotation
            self.isProtected = isProtected
        }
    }

    /// The demuxer's name, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    let format: String
    /// Seconds, or `nil` where the container does not say.
    let duration: Double?
    let streams: [Stream]
    /// Tags of the container and of its streams, by name in lower case.
    let tags: [String: String]
    /// What is missing of the recording, if something is.
    let damage: String?

    package init(format: String, duration: Double?, streams: [Stream], tags: [String: String], damage: String?) {
        self.format = format
        self.duration = duration
        self.streams = streams
        self.tags = tags
        self.damage = damage
    }
}
