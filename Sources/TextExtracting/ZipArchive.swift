internal import CZip
package import Reading

/// A ZIP file whose members are read one by one, with libzip.
///
/// Source: libzip manual, zip_source_function(3), zip_fopen_index(3).
package struct ZipArchive: ~Copyable {
    struct Member {
        let name: String
        /// Bytes when unpacked, as the archive says.
        let size: UInt64
        let isEncrypted: Bool
    }

    private static let maximumMembers = 10_000
    /// Bytes of all members that are read, when unpacked.
    private static let budget = 256 << 20

    private let archive: OpaquePointer
    private let spent = Counter()

    private final class Counter { var value = 0 }

    /// - Throws: `.notUnderstood` where it is no whole archive.
    package init(_ file: FileBytes) throws(TextExtractingError) {
        let reader = Unmanaged.passRetained(ZipSource(file))
        guard let source = zip_source_function_create(ZipSource.callback, reader.toOpaque(), nil) else {
            reader.release()
            throw .notUnderstood("no archive")
        }
        guard let archive = zip_open_from_source(source, ZIP_RDONLY, nil) else {
            zip_source_free(source)
            throw .notUnderstood("no archive")
        }
        self.archive = archive
    }

    deinit { zip_discard(archive) }

    /// The members in their order, at most ten thousand.
    var members: [Member] {
        (0..<UInt64(min(max(0, zip_get_num_entries(archive, 0)), Int64(Self.maximumMembers)))).compactMap { member($0) }
    }

    private func member(_ index: UInt64) -> Member? {
        var status = zip_stat_t()
        guard zip_stat_index(archive, index, 0, &status) == 0, let name = status.name else { return nil }
        return Member(
            name: String(cString: name), size: status.valid & UInt64(ZIP_STAT_SIZE) != 0 ? status.size : 0,
            isEncrypted: status.encryption_method != UInt16(ZIP_EM_NONE))
    }

    /// Unpacks a member part by part, until `take` answers that it has enough.
    ///
    /// Answers whether there is such a member.
    ///
    /// - Throws: `.encrypted`, or `.notUnderstood` where it is damaged.
    @discardableResult
    package func read(
        _ name: String, _ take: (UnsafeRawBufferPointer) -> Bool
    ) throws(TextExtractingError) -> Bool {
        let index = zip_name_locate(archive, name, 0)
        guard index >= 0, let member = member(UInt64(index)) else { return false }
        guard !member.isEncrypted else { throw .encrypted }
        guard let opened = zip_fopen_index(archive, UInt64(index), 0) else { throw .notUnderstood("a member") }
        defer { zip_fclose(opened) }
        var buffer = [UInt8](repeating: 0, count: 32 << 10)
        while true {
            let count = zip_fread(opened, &buffer, UInt64(buffer.count))
            guard count >= 0 else { throw .notUnderstood("a member that is damaged") }
            spent.value += Int(count)
            guard spent.value <= Self.budget else { throw .tooLarge }
            if count == 0 || !buffer.withUnsafeBytes({ take(UnsafeRawBufferPointer(rebasing: $0[..<Int(count)])) }) {
                return true
            }
        }
    }
}

/// What libzip reads through: bytes and a place in them.
private final class ZipSource {
    private let file: FileBytes
    private var position: Int64 = 0

    init(_ file: FileBytes) { self.file = file }

    static let callback: zip_source_callback = { reader, data, length, command in
        guard let reader else { return -1 }
        let source = Unmanaged<ZipSource>.fromOpaque(reader)
        if command == ZIP_SOURCE_FREE {
            source.release()
            return 0
        }
        return source.takeUnretainedValue().answer(command, data, length)
    }

    private static let supported = [
        ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
        ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS,
    ]

    private func answer(_ command: zip_source_cmd_t, _ data: UnsafeMutableRawPointer?, _ length: UInt64) -> Int64 {
        switch command {
        case ZIP_SOURCE_OPEN:
            position = 0
            return 0
        case ZIP_SOURCE_READ: return read(into: data, length)
        case ZIP_SOURCE_CLOSE: return 0
        case ZIP_SOURCE_STAT: return status(into: data)
        case ZIP_SOURCE_SEEK: return seek(data)
        case ZIP_SOURCE_TELL: return position
        case ZIP_SOURCE_SUPPORTS: return Self.supported.reduce(0) { $0 | 1 << Int64($1.rawValue) }
        case ZIP_SOURCE_ERROR:
            data?.initializeMemory(as: Int32.self, repeating: 0, count: 2)
            return Int64(2 * MemoryLayout<Int32>.size)
        default: return -1
        }
    }

    private func read(into data: UnsafeMutableRawPointer?, _ length: UInt64) -> Int64 {
        let bytes = file.read(at: position, count: Int(min(length, 1 << 20)))
        guard let data, !bytes.isEmpty else { return 0 }
        data.copyMemory(from: bytes, byteCount: bytes.count)
        position += Int64(bytes.count)
        return Int64(bytes.count)
    }

    private func status(into data: UnsafeMutableRawPointer?) -> Int64 {
        guard let data else { return -1 }
        var status = zip_stat_t()
        zip_stat_init(&status)
        status.size = UInt64(file.size)
        status.valid |= UInt64(ZIP_STAT_SIZE)
        data.storeBytes(of: status, as: zip_stat_t.self)
        return Int64(MemoryLayout<zip_stat_t>.size)
    }

    private func seek(_ data: UnsafeMutableRawPointer?) -> Int64 {
        guard let request = data?.load(as: zip_source_args_seek_t.self) else { return -1 }
        let start: Int64 =
            switch request.whence {
            case 0: 0
            case 1: position
            default: file.size
            }
        let (target, overflow) = start.addingReportingOverflow(request.offset)
        guard !overflow, (0...file.size).contains(target) else { return -1 }
        position = target
        return 0
    }
}
