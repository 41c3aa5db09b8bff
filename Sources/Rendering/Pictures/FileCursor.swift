internal import Glibc
internal import Reading

/// Bytes and a place in them: what libraries read through.
final class FileCursor {
    let size: Int64
    /// Up to so many bytes from a place on.
    private let bytes: (_ offset: Int64, _ count: Int) -> [UInt8]
    private var position: Int64 = 0

    init(_ file: FileBytes) {
        size = file.size
        bytes = { file.read(at: $0, count: $1) }
    }

    /// Of bytes that were unpacked.
    init(_ whole: [UInt8]) {
        size = Int64(whole.count)
        bytes = { offset, count in
            offset < whole.count ? Array(whole[Int(offset)...].prefix(count)) : []
        }
    }

    /// The cursor that was given to a library as an opaque pointer.
    static func from(_ opaque: UnsafeMutableRawPointer?) -> FileCursor? {
        opaque.map { Unmanaged<FileCursor>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The bytes read; 0 at the end, or where the file cannot be read.
    func read(into target: UnsafeMutableRawPointer?, count: Int) -> Int {
        let bytes = bytes(position, count)
        guard !bytes.isEmpty, let target else { return 0 }
        target.copyMemory(from: bytes, byteCount: bytes.count)
        position += Int64(bytes.count)
        return bytes.count
    }

    /// The new place; -1 if there is none such.
    func seek(to offset: Int64, whence: Int32) -> Int64 {
        let origins = [SEEK_SET: 0, SEEK_CUR: position, SEEK_END: size]
        guard let origin = origins[whence] else { return -1 }
        let (place, overflows) = origin.addingReportingOverflow(offset)
        guard !overflows, place >= 0 else { return -1 }
        position = place
        return place
    }
}
