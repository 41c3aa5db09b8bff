internal import Glibc
internal import Reading

/// Bytes and a place in them: what libraries read through.
final class FileCursor {
    private let file: FileBytes
    private var position: Int64 = 0

    init(_ file: FileBytes) { self.file = file }

    /// The cursor that was given to a library as an opaque pointer.
    static func from(_ opaque: UnsafeMutableRawPointer?) -> FileCursor? {
        opaque.map { Unmanaged<FileCursor>.fromOpaque($0).takeUnretainedValue() }
    }

    var size: Int64 { file.size }

    /// The bytes read; 0 at the end, or where the file cannot be read.
    func read(into target: UnsafeMutableRawPointer?, count: Int) -> Int {
        let bytes = file.read(at: position, count: count)
        guard !bytes.isEmpty, let target else { return 0 }
        target.copyMemory(from: bytes, byteCount: bytes.count)
        position += Int64(bytes.count)
        return bytes.count
    }

    /// The new place; -1 if there is none such.
    func seek(to offset: Int64, whence: Int32) -> Int64 {
        let origins = [SEEK_SET: 0, SEEK_CUR: position, SEEK_END: file.size]
        guard let origin = origins[whence] else { return -1 }
        let (place, overflows) = origin.addingReportingOverflow(offset)
        guard !overflows, place >= 0 else { return -1 }
        position = place
        return place
    }
}
