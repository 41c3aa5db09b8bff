internal import Glibc

/// What a process that reads untrusted bytes may use up.
///
/// Source: setrlimit(2).
package struct ResourceLimits: Sendable {
    /// Seconds of CPU time. The server's own time limit is in wall-clock time.
    package var cpuSeconds: UInt
    /// Bytes of address space; libav's shared objects take a good third of a gigabyte.
    package var addressSpace: UInt
    /// Numbers of descriptors; what is open stays open.
    private let openFiles: UInt
    /// Processes and threads of the user, which root does not heed.
    private let processes: UInt
    /// Bytes in a file that is written, which can be one in memory alone.
    private let fileSize: UInt

    package init(for duty: Duty = .inspecting) {
        switch duty {
        case .inspecting:
            (cpuSeconds, addressSpace) = (20, 1 << 30)
            (openFiles, processes, fileSize) = (0, 0, 0)
        case .rendering:
            (cpuSeconds, addressSpace) = (900, 3 << 30)
            // Others of this user count too, the daemon's threads among them; that it starts no process is the
            // filter's to see to.
            (openFiles, processes, fileSize) = (64, 4096, 2 << 30)
        }
    }

    /// Sets the limits for the rest of this process's life.
    package func apply() throws(ConfinementError) {
        try Self.limit(RLIMIT_CPU, cpuSeconds, "CPU time")
        try Self.limit(RLIMIT_AS, addressSpace, "address space")
        try Self.limit(RLIMIT_NOFILE, openFiles, "open files")
        try Self.limit(__RLIMIT_NPROC, processes, "processes")
        try Self.limit(RLIMIT_FSIZE, fileSize, "size of written files")
        try Self.limit(RLIMIT_CORE, 0, "core dumps")
    }

    private static func limit(
        _ resource: __rlimit_resource, _ value: UInt, _ name: String
    ) throws(ConfinementError) {
        var limit = rlimit(rlim_cur: value, rlim_max: value)
        try ConfinementError.check(setrlimit(__rlimit_resource_t(resource.rawValue), &limit), name)
    }
}
