internal import Glibc

/// What a process that reads untrusted bytes may use up.
///
/// Source: setrlimit(2).
package struct ResourceLimits: Sendable {
    /// Seconds of CPU time. The server's own time limit is in wall-clock time.
    package var cpuSeconds: UInt = 20
    /// Bytes of address space; libav's shared objects take a good third of it.
    package var addressSpace: UInt = 1 << 30

    package init() {}

    /// Sets the limits for the rest of this process's life.
    ///
    /// What is open stays open, but nothing can be opened any more; no process
    /// can be started, though root would not heed that.
    package func apply() throws(ConfinementError) {
        try Self.limit(RLIMIT_CPU, cpuSeconds, "CPU time")
        try Self.limit(RLIMIT_AS, addressSpace, "address space")
        try Self.limit(RLIMIT_NOFILE, 0, "open files")
        try Self.limit(__RLIMIT_NPROC, 0, "processes")
        try Self.limit(RLIMIT_FSIZE, 0, "size of written files")
        try Self.limit(RLIMIT_CORE, 0, "core dumps")
    }

    private static func limit(
        _ resource: __rlimit_resource, _ value: UInt, _ name: String
    ) throws(ConfinementError) {
        var limit = rlimit(rlim_cur: value, rlim_max: value)
        try ConfinementError.check(setrlimit(__rlimit_resource_t(resource.rawValue), &limit), name)
    }
}
