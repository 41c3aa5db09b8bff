package import FoundationEssentials
internal import Glibc
package import SystemPackage

/// What the file system says of a file.
package struct FileStatus: Hashable, Sendable {
    /// Tells the file from one that took its name.
    package let inode: UInt64
    package let size: Int64
    package let isFolder: Bool
    /// Names that lead to the file; none once the last was taken away.
    package let names: UInt64
    /// When the bytes were last written.
    package let modifiedAt: Date
    /// When bytes, name or mode were last changed; nobody can set it back.
    package let changedAt: Date

    /// The file under that name, or `nil` where there is none.
    ///
    /// Source: stat(2).
    package init?(of path: FilePath) throws(FileError) {
        var status = stat()
        guard lstat(path.string, &status) == 0 else {
            let reason = Errno(rawValue: errno)
            if reason == .noSuchFileOrDirectory { return nil }
            throw FileError("lstat", path, reason)
        }
        self.init(status)
    }

    /// The file that a descriptor leads to, whether it still has a name or not.
    ///
    /// Source: fstat(2).
    init(of descriptor: SystemPackage.FileDescriptor) throws(Errno) {
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        self.init(status)
    }

    private init(_ status: stat) {
        inode = UInt64(status.st_ino)
        names = UInt64(status.st_nlink)
        size = Int64(status.st_size)
        isFolder = status.st_mode & S_IFMT == S_IFDIR
        modifiedAt = Self.date(status.st_mtim)
        changedAt = Self.date(status.st_ctim)
    }

    private static func date(_ time: timespec) -> Date {
        Date(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
    }
}
