internal import CLinux
internal import Glibc

/// What a process that reads untrusted bytes may use up, which it sets for
/// itself before it reads the first of them.
///
/// Source: setrlimit(2), prctl(2).
package enum ResourceLimits {
    /// Seconds of CPU time. The daemon's own time limit is in wall-clock time.
    package static let cpuSeconds: UInt = 20
    /// Bytes of address space; libav's shared objects take a good third of it.
    package static let addressSpace: UInt = 1 << 30
    /// Files that may be open: the three standard ones and a few to spare.
    package static let openFiles: UInt = 16

    /// Confines this process for the rest of its life.
    ///
    /// - Throws: ``ResourceLimitError`` if the system refuses a limit; the
    ///   process must then not go on.
    package static func apply() throws(ResourceLimitError) {
        try limit(RLIMIT_CPU, cpuSeconds, "CPU time")
        try limit(RLIMIT_AS, addressSpace, "address space")
        try limit(RLIMIT_NOFILE, openFiles, "open files")
        try limit(RLIMIT_FSIZE, 0, "size of written files")
        try limit(RLIMIT_CORE, 0, "core dumps")
        try check(ks_forbid_new_privileges(), "new privileges")
        try check(ks_forbid_dumping(), "dumping")
        try check(ks_die_with_parent(), "outliving its parent")
    }

    private static func limit(
        _ resource: __rlimit_resource, _ value: UInt, _ name: String
    ) throws(ResourceLimitError) {
        var limit = rlimit(rlim_cur: value, rlim_max: value)
        try check(setrlimit(__rlimit_resource_t(resource.rawValue), &limit), name)
    }

    private static func check(_ result: Int32, _ name: String) throws(ResourceLimitError) {
        guard result == 0 else { throw ResourceLimitError(resource: name, errno: errno) }
    }
}

/// A limit that the system did not set.
package struct ResourceLimitError: Error, CustomStringConvertible {
    let resource: String
    let errno: Int32

    package var description: String { "no limit could be set on \(resource): error \(errno)" }
}
