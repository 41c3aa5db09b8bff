internal import CLibAV
internal import Reading

/// What libavformat reads through: bytes and a place in them, within bounds of bytes and time.
final class MediaReader {
    private let file: FileBytes
    private var position: Int64 = 0
    private var left: Int64
    private var deadline: ContinuousClock.Instant

    /// What opening a recording may take; some have their index at the end of gigabytes, which costs a seek.
    private static let opening = Budget(bytes: 256 << 20, time: .seconds(8))

    struct Budget {
        let bytes: Int64
        let time: Duration
    }

    init(_ file: FileBytes) {
        self.file = file
        left = Self.opening.bytes
        deadline = .now + Self.opening.time
    }

    static func from(_ opaque: UnsafeMutableRawPointer?) -> MediaReader? {
        opaque.map { Unmanaged<MediaReader>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Sets new bounds.
    func allow(_ budget: Budget) {
        left = budget.bytes
        deadline = .now + budget.time
    }

    /// Whether the library saw an end that is none.
    var isExhausted: Bool { left <= 0 || deadline <= .now }

    func read(into target: UnsafeMutablePointer<UInt8>?, count: Int32) -> Int32 {
        guard !isExhausted else { return KS_ERROR_EOF }
        let bytes = file.read(at: position, count: Int(count))
        guard !bytes.isEmpty, let target else { return KS_ERROR_EOF }
        target.update(from: bytes, count: bytes.count)
        position += Int64(bytes.count)
        left -= Int64(bytes.count)
        return Int32(bytes.count)
    }

    func seek(to offset: Int64, whence: Int32) -> Int64 {
        switch whence & ~AVSEEK_FORCE {
        case KS_SEEK_SIZE: return file.size
        case 0: position = offset
        case 1: position &+= offset
        case 2: position = file.size &+ offset
        default: return -1
        }
        return position
    }
}
