internal import Glibc
package import SystemPackage

extension FileDescriptor {
    /// Brings bytes and every attribute to stable storage.
    ///
    /// Source: fsync(2).
    package func synchronise() throws(Errno) {
        guard fsync(rawValue) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Brings bytes, and the size that is needed to read them, to stable storage.
    ///
    /// Source: fdatasync(2).
    package func synchroniseData() throws(Errno) {
        guard fdatasync(rawValue) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Bytes in the file.
    package func size() throws(Errno) -> Int64 {
        try stat().size
    }

    /// Cuts the file, or extends it with zeros, to `size` bytes.
    package func truncate(to size: Int64) throws(Errno) {
        guard ftruncate(rawValue, off_t(size)) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Takes an exclusive lock that lasts as long as the descriptor; `false` if another has it.
    ///
    /// Source: flock(2); the lock dies with its process.
    package func tryLock() throws(Errno) -> Bool {
        if flock(rawValue, LOCK_EX | LOCK_NB) == 0 { return true }
        let reason = Errno(rawValue: errno)
        guard reason == .wouldBlock else { throw reason }
        return false
    }
}
