internal import Glibc
package import SystemPackage

/// Folders whose entries survive a power cut.
package enum Directory {
    /// Makes a folder with its parents, readable by the owner alone.
    ///
    /// Durable on return: every folder that was made is in its parent on
    /// stable storage. A folder that is there already is not an error.
    package static func create(_ path: FilePath) throws(FileError) {
        guard mkdir(path.string, 0o700) != 0 else { return try sync(path.removingLastComponent()) }
        let reason = Errno(rawValue: errno)
        switch reason {
        case .fileExists:
            return
        case .noSuchFileOrDirectory where !path.removingLastComponent().isEmpty:
            try create(path.removingLastComponent())
            try create(path)
        default:
            throw FileError("mkdir", path, reason)
        }
    }

    /// Makes a folder in one that is there, readable by the owner alone.
    ///
    /// Not durable on return. A folder that is there already is not an error.
    package static func make(_ path: FilePath) throws(FileError) {
        guard mkdir(path.string, 0o700) != 0 else { return }
        let reason = Errno(rawValue: errno)
        guard reason == .fileExists else { throw FileError("mkdir", path, reason) }
    }

    /// Brings the folder's entries to stable storage.
    ///
    /// Source: fsync(2): syncing a file does not sync its entry in the folder.
    package static func sync(_ path: FilePath) throws(FileError) {
        let place = path.isEmpty ? "." : path
        try attempting("fsync of folder", place) {
            let folder = try FileDescriptor.open(place, .readOnly, options: [.directory, .closeOnExec])
            try folder.closeAfter { try folder.synchronise() }
        }
    }

    /// The names in a folder, in no order, without `.` and `..`.
    package static func names(in path: FilePath) throws(FileError) -> [String] {
        guard let stream = opendir(path.string) else {
            throw FileError("opendir", path, Errno(rawValue: errno))
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Bytes that an ordinary user could still write on the file system of `path`.
    package static func freeBytes(at path: FilePath) throws(FileError) -> Int64 {
        var statistics = statvfs()
        guard statvfs(path.string, &statistics) == 0 else {
            throw FileError("statvfs", path, Errno(rawValue: errno))
        }
        return Int64(clamping: UInt64(statistics.f_bavail) * UInt64(statistics.f_frsize))
    }
}
