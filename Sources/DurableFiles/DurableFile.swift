internal import Glibc
package import SystemPackage

/// Files that are wholly there under their name, or not there.
package enum DurableFile {
    /// Writes a new file, readable by the owner alone.
    ///
    /// Order: bytes into a file beside it → fsync → rename → fsync of the
    /// folder. Durable on return; after a crash the old file or the new one is
    /// there. What stood under that name is replaced.
    package static func write(_ bytes: [UInt8], to path: FilePath) throws(FileError) {
        try stage(bytes, for: path)
        try Directory.sync(path.removingLastComponent())
    }

    /// Does the same but for the last step: until the folder is synced, a power
    /// cut can bring the old file back.
    package static func stage(_ bytes: [UInt8], for path: FilePath) throws(FileError) {
        let staged = FilePath(path.string + ".new")
        try attempting("write", staged) {
            let file = try FileDescriptor.open(
                staged, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: .ownerReadWrite)
            try file.closeAfter {
                try file.writeAll(bytes)
                try file.synchronise()
            }
        }
        try move(staged, to: path)
    }

    /// Gives a staged file its final name, which is durable on return.
    ///
    /// The bytes must have been synced before: this is the second half of
    /// write → fsync → rename → fsync of the folder.
    package static func publish(_ staged: FilePath, as path: FilePath) throws(FileError) {
        try move(staged, to: path)
        try Directory.sync(path.removingLastComponent())
    }

    /// Gives a file another name; what stood under that is replaced. Not durable on return.
    package static func move(_ staged: FilePath, to path: FilePath) throws(FileError) {
        guard rename(staged.string, path.string) == 0 else {
            throw FileError("rename", staged, Errno(rawValue: errno))
        }
    }

    /// Gives a file a second name. Not durable on return.
    ///
    /// Answers `false` where something has that name, or files cannot have two here.
    ///
    /// Source: link(2), "EPERM".
    package static func link(_ path: FilePath, as second: FilePath) throws(FileError) -> Bool {
        guard Glibc.link(path.string, second.string) != 0 else { return true }
        let reason = Errno(rawValue: errno)
        guard [.fileExists, .notPermitted, .notSupported].contains(reason) else {
            throw FileError("link", second, reason)
        }
        return false
    }

    /// The whole of a small file, or `nil` where there is none.
    package static func read(_ path: FilePath, upTo limit: Int = 1 << 20) throws(FileError) -> [UInt8]? {
        do {
            return try attempting("read", path) {
                let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
                return try file.closeAfter {
                    let size = Int(clamping: try file.size())
                    guard size <= limit else { throw Errno.fileTooLarge }
                    return try Array(unsafeUninitializedCapacity: size) { buffer, count in
                        while count < size {
                            let rest = UnsafeMutableRawBufferPointer(
                                rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                            let read = try file.read(fromAbsoluteOffset: Int64(count), into: rest)
                            guard read > 0 else { break }
                            count += read
                        }
                    }
                }
            }
        } catch  where error.errno == .noSuchFileOrDirectory {
            return nil
        }
    }

    /// Whether something of that name is there.
    package static func exists(_ path: FilePath) -> Bool {
        access(path.string, F_OK) == 0
    }

    /// Takes a name away for good; a name that is not there is not an error.
    ///
    /// Order: unlink → fsync of the folder. Durable on return.
    package static func removeDurably(_ path: FilePath) throws(FileError) {
        guard exists(path) else { return }
        try remove(path)
        try Directory.sync(path.removingLastComponent())
    }

    /// Takes a name away; a name that is not there is not an error.
    ///
    /// Not durable on return: after a power cut the file can be back.
    package static func remove(_ path: FilePath) throws(FileError) {
        guard unlink(path.string) != 0 else { return }
        let reason = Errno(rawValue: errno)
        guard reason == .noSuchFileOrDirectory else { throw FileError("unlink", path, reason) }
    }
}
