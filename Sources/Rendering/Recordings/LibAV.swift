internal import CTranscoding

/// libav* as a whole.
enum LibAV {
    /// Before the first file: its log would ask the terminal.
    static func start() { av_log_set_level(AV_LOG_QUIET) }

    static var version: String {
        let number = avcodec_version()
        return "\(number >> 16).\(number >> 8 & 255).\(number & 255)"
    }

    /// Takes the result of a function, which is negative where it failed.
    static func check(_ result: Int32, _ reason: @autoclosure () -> String) throws(RenderingError) {
        guard result >= 0 else { throw RenderingError(reason()) }
    }
}

/// A frame that is used again and again.
final class MediaFrame {
    let pointer: UnsafeMutablePointer<AVFrame>

    init() throws(RenderingError) {
        guard let pointer = av_frame_alloc() else { throw .outOfMemory }
        self.pointer = pointer
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVFrame>? = pointer
        av_frame_free(&pointer)
    }
}

/// A packet that is used again and again.
final class MediaPacket {
    let pointer: UnsafeMutablePointer<AVPacket>

    init() throws(RenderingError) {
        guard let pointer = av_packet_alloc() else { throw .outOfMemory }
        self.pointer = pointer
    }

    /// A packet of these bytes.
    init(_ bytes: [UInt8]) throws(RenderingError) {
        guard let pointer = ks_packet_of(bytes, Int32(clamping: bytes.count)) else { throw .outOfMemory }
        self.pointer = pointer
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVPacket>? = pointer
        av_packet_free(&pointer)
    }
}

extension RenderingError {
    static let outOfMemory = RenderingError("there is not enough memory")
}

extension AVRational {
    var value: Double { den == 0 ? 0 : Double(num) / Double(den) }
}
