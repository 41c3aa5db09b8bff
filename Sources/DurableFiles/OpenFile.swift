internal import CLinux
package import FoundationEssentials
internal import Glibc
package import SystemPackage

/// An open file that closes when the last reference to it goes.
///
/// Only positioned reads and writes, so that tasks can share it.
package final class OpenFile: Sendable {
    private let descriptor: SystemPackage.FileDescriptor
    private let path: FilePath

    private init(_ descriptor: SystemPackage.FileDescriptor, _ path: FilePath) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Opens a file for reading, or answers `nil` where there is none.
    package convenience init?(reading path: FilePath) throws(FileError) {
        do {
            self.init(
                try attempting("open", path) {
                    try SystemPackage.FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow])
                }, path)
        } catch  where error.errno == .noSuchFileOrDirectory {
            return nil
        }
    }

    /// Opens a file for reading and writing.
    package convenience init(writing path: FilePath) throws(FileError) {
        self.init(
            try attempting("open", path) {
                try SystemPackage.FileDescriptor.open(path, .readWrite, options: [.closeOnExec, .noFollow])
            }, path)
    }

    /// Makes a file that must not be there yet, readable by the owner alone.
    package convenience init(creating path: FilePath) throws(FileError) {
        self.init(
            try attempting("create", path) {
                try SystemPackage.FileDescriptor.open(
                    path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
                    permissions: .ownerReadWrite)
            }, path)
    }

    deinit {
        // Nothing can be done about a failure, and nothing depends on it:
        // whatever had to last was synced before.
        try? descriptor.close()
    }

    /// Bytes in the file.
    package func size() throws(FileError) -> Int64 {
        try attempting("fstat", path) { try descriptor.size() }
    }

    /// What the file system says of the file now.
    package func status() throws(FileError) -> FileStatus {
        try attempting("fstat", path) { try FileStatus(of: descriptor) }
    }

    /// Fills the buffer with the bytes from `offset` on; answers how many
    /// there were, which are fewer only where the file ends.
    package func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        var count = 0
        while count < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            let read = try attempting("read", path) {
                try descriptor.read(fromAbsoluteOffset: offset + Int64(count), into: rest)
            }
            if read == 0 { break }
            count += read
        }
        return count
    }

    /// Fills the buffer where the system has the bytes in memory; `false`
    /// where it would have to wait for the disk, or does not say.
    ///
    /// Source: preadv2(2), RWF_NOWAIT.
    package func readCached(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) -> Bool {
        ks_read_cached(descriptor.rawValue, buffer.baseAddress, buffer.count, off_t(offset)) == buffer.count
    }

    /// Up to `count` bytes from `offset` on; fewer only where the file ends.
    package func read(at offset: Int64, count: Int) throws(FileError) -> [UInt8] {
        try attempting("read", path) {
            try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                filled = try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }

    /// Writes all of the bytes from `offset` on. Not durable.
    package func write(_ bytes: some ContiguousBytes, at offset: Int64) throws(FileError) {
        try attempting("write", path) {
            try bytes.withUnsafeBytes { _ = try descriptor.writeAll(toAbsoluteOffset: offset, $0) }
        }
    }

    /// Lets what is read next come from the disk, as far as the system agrees.
    ///
    /// After a write that failed, what is in memory is more than the disk has.
    ///
    /// Source: posix_fadvise(2), POSIX_FADV_DONTNEED.
    package func forgetCached() { _ = posix_fadvise(descriptor.rawValue, 0, 0, Int32(POSIX_FADV_DONTNEED)) }

    /// Brings the bytes, and the size that is needed to read them, to stable storage.
    package func synchroniseData() throws(FileError) {
        try attempting("fdatasync", path) { try descriptor.synchroniseData() }
    }

    /// Brings bytes and attributes to stable storage.
    package func synchronise() throws(FileError) {
        try attempting("fsync", path) { try descriptor.synchronise() }
    }

    /// Cuts the file to `size` bytes.
    package func truncate(to size: Int64) throws(FileError) {
        try attempting("ftruncate", path) { try descriptor.truncate(to: size) }
    }

    /// Lets nobody write to the file again, not even its owner.
    package func makeReadOnly() throws(FileError) {
        guard fchmod(descriptor.rawValue, 0o400) == 0 else {
            throw FileError("fchmod", path, Errno(rawValue: errno))
        }
    }

    /// Takes an exclusive lock that lasts until the process ends or the file
    /// is closed; `false` if another process still has it after half a second.
    ///
    /// A process that is just ending, or starting another program, gives its
    /// locks up a moment later.
    package func tryLock() throws(FileError) -> Bool {
        for _ in 0..<10 {
            if try attempting("flock", path, { try descriptor.tryLock() }) { return true }
            usleep(50_000)
        }
        return false
    }
}
