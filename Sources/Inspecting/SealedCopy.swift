internal import Artefacts
internal import CLinux
internal import FoundationEssentials
internal import Glibc
internal import Sealing
internal import SystemPackage

/// A sealed file without a name, made for the inspector, which reads no other; it goes with its last reference.
///
/// Small ones are in memory alone, large ones in the folder for temporary
/// files: plain bytes are on no disk.
final class SealedCopy: Sendable {
    private let file: SystemPackage.FileDescriptor

    /// Most bytes of a sealed file that is in memory.
    private static let maximumInMemory: Int64 = 8 << 20
    /// Bytes that are read at once.
    private static let chunk = 1 << 20

    /// Plain bytes in it.
    let size: Int64

    /// Seals bytes.
    ///
    /// - Throws: `Errno`.
    init(of bytes: [UInt8], with keyring: Keyring) throws {
        file = try Self.inMemory()
        size = Int64(bytes.count)
        // What has all its members is closed, whatever is thrown.
        try file.writeAll(SegmentSealer.file(bytes, with: keyring.current))
    }

    /// Seals what can be read from a file or a pipe.
    ///
    /// - Throws: `Errno`.
    init(reading source: SystemPackage.FileDescriptor, with keyring: Keyring) throws {
        let file = try Self.isSmall(source) ? Self.inMemory() : Self.onDisk()
        do {
            size = try Self.seal(source, into: file, with: keyring)
        } catch {
            try? file.close()
            throw error
        }
        self.file = file
    }

    deinit { try? file.close() }

    /// A path of the file while this lives.
    var path: FilePath { FilePath("/proc/self/fd/\(file.rawValue)") }

    /// Answers how many plain bytes there were.
    private static func seal(
        _ source: SystemPackage.FileDescriptor, into file: SystemPackage.FileDescriptor, with keyring: Keyring
    ) throws -> Int64 {
        var sealer = SegmentSealer(FileCipher(newFileWith: keyring.current))
        var digester = Digester()
        try file.writeAll(sealer.cipher.header.bytes)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try source.read(into: buffer)
            guard count > 0 else { break }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            digester.update(piece)
            try sealer.take(piece) { segment, _ in _ = try file.writeAll(segment) }
        }
        try file.writeAll(sealer.end(digester.digest).bytes)
        return sealer.offset
    }

    /// Whether the file has a size that is known, and small.
    ///
    /// - Throws: `Errno.noSuchAddressOrDevice` for devices, which may have no end.
    private static func isSmall(_ source: SystemPackage.FileDescriptor) throws -> Bool {
        var status = stat()
        guard fstat(source.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return status.st_size <= maximumInMemory
        case S_IFDIR: throw Errno.isDirectory
        case S_IFCHR, S_IFBLK: throw Errno.noSuchAddressOrDevice
        default: return false
        }
    }

    private static func inMemory() throws -> SystemPackage.FileDescriptor {
        let number = ks_memory_file("sealed")
        guard number >= 0 else { throw Errno.noMemory }
        return FileDescriptor(rawValue: number)
    }

    private static func onDisk() throws -> SystemPackage.FileDescriptor {
        let path = FilePath(FileManager.default.temporaryDirectory.path).appending("keepsake-\(UUID().uuidString)")
        let file = try SystemPackage.FileDescriptor.open(
            path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
            permissions: .ownerReadWrite)
        unlink(path.string)
        return file
    }
}
