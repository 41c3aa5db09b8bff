internal import CoreMetrics
internal import Glibc
package import SystemPackage

extension FileDescriptor {
    /// Those of the index, which SQLite makes, are not among them.
    private static let synchronisations = Counter(label: "keepsake_fsyncs_total")

    /// Brings bytes and every attribute to stable storage.
    ///
    /// Source: fsync(2).
    package func synchronise() throws(Errno) {
        Self.synchronisations.increment()
        guard fsync(rawValue) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Brings bytes, and the size that is needed to read them, to stable storage.
    ///
    /// Source: fdatasync(2).
    package func synchroniseData() throws(Errno) {
        Self.synchronisations.increment()
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
