internal import Glibc
package import NIOCore
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

    /// The bytes of a half-open range; fewer where the file ends before.
    package func read(_ range: Range<Int64>) throws(FileError) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: range.count)
        while buffer.readableBytes < range.count {
            let position = range.lowerBound + Int64(buffer.readableBytes)
            let rest = range.count - buffer.readableBytes
            let read = try attempting("read", path) {
                try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: rest) { space in
                    try descriptor.read(
                        fromAbsoluteOffset: position, into: UnsafeMutableRawBufferPointer(rebasing: space[..<rest]))
                }
            }
            if read == 0 { break }
        }
        return buffer
    }

    /// Writes all of the buffers one after the other from `offset` on. Not durable.
    package func write(_ buffers: [ByteBuffer], at offset: Int64) throws(FileError) {
        var position = offset
        for buffer in buffers {
            try attempting("write", path) {
                try buffer.withUnsafeReadableBytes { bytes in
                    _ = try descriptor.writeAll(toAbsoluteOffset: position, bytes)
                }
            }
            position += Int64(buffer.readableBytes)
        }
    }

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
    /// is closed; `false` if another process has it.
    package func tryLock() throws(FileError) -> Bool {
        try attempting("flock", path) { try descriptor.tryLock() }
    }
}
