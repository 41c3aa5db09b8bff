package import SystemPackage

/// A file operation that the system refused.
package struct FileError: Error, Hashable, CustomStringConvertible {
    /// The system call or what it was to achieve, such as `rename`.
    package let operation: String
    /// Where; for the log, never for a client.
    package let path: FilePath
    package let errno: Errno

    package init(_ operation: String, _ path: FilePath, _ errno: Errno) {
        self.operation = operation
        self.path = path
        self.errno = errno
    }

    /// Whether the disk, or the share of it that is ours, is full.
    package var isOutOfSpace: Bool { errno == .noSpace || errno == Errno(rawValue: 122) }

    package var description: String { "\(operation) \(path): \(errno)" }
}

/// Runs system calls, saying what they were for when one fails.
func attempting<Value>(
    _ operation: String, _ path: FilePath, _ work: () throws -> Value
) throws(FileError) -> Value {
    do {
        return try work()
    } catch let errno as Errno {
        throw FileError(operation, path, errno)
    } catch let error as FileError {
        throw error
    } catch {
        // SystemPackage throws nothing but Errno.
        throw FileError(operation, path, .ioError)
    }
}
