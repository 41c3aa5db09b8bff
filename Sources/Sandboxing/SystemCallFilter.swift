internal import CLinux
internal import CSeccomp
internal import Glibc

/// The few system calls that are left to a process that reads untrusted bytes;
/// any other kills it, unless it is known for an idle question of a library.
///
/// Made once, before a fork, so that each child only has to load it.
///
/// Source: seccomp(2), libseccomp's manual.
package struct SystemCallFilter {
    /// As the kernel takes it: libseccomp would make it anew in every child.
    private let program: [UInt8]

    /// To read and to answer by what is open already, to have memory, to end.
    private static let allowed = [
        "pread64", "read", "lseek", "fstat", "newfstatat", "write", "close", "brk", "munmap", "mremap", "madvise",
        "futex", "gettid", "clock_gettime", "getrandom", "rt_sigreturn", "rt_sigprocmask", "sigaltstack", "exit",
        "exit_group",
    ]
    /// Allowed for memory that cannot be executed; the third argument says what it is for.
    private static let allowedWithoutExecution = ["mmap", "mprotect"]

    /// What threads of this process need among themselves.
    private static let allowedWithThreads = [
        "set_robust_list", "rseq", "rt_sigaction", "sched_yield", "clock_nanosleep", "getpid",
    ]
    /// A file that is in memory alone, to be written here and there.
    private static let allowedWithMemoryFiles = ["memfd_create", "pwrite64", "ftruncate"]
    /// What is asked of a font before it is opened; tells of any file whether it is there, and no more.
    private static let allowedWithFonts = ["access", "faccessat2"]
    /// What libraries like to ask or to arrange, and can do without.
    private static let answeredWithErrors = [
        "prctl", "ioctl", "fcntl", "sched_getaffinity", "sched_setaffinity", "sched_getparam", "sched_getscheduler",
        "sched_setscheduler", "readlink", "readlinkat", "statfs", "fstatfs",
        "getcwd", "uname", "sysinfo", "getuid", "geteuid", "getgid", "getegid", "getrusage", "eventfd2",
        "set_mempolicy", "getpriority", "setpriority", "fadvise64", "stat", "lstat", "getdents64", "statx",
    ]

    package init(for duty: Duty) throws(ConfinementError) {
        guard let context = seccomp_init(KS_ACT_KILL_PROCESS) else {
            throw ConfinementError(part: "system calls", errno: ENOMEM)
        }
        defer { seccomp_release(context) }
        for name in Self.allowed { try Self.allow(name, in: context) }
        let notExecutable = Self.argument(2, masked: UInt64(PROT_EXEC), is: 0)
        for name in Self.allowedWithoutExecution { try Self.allow(name, [notExecutable], in: context) }
        if duty == .rendering { try Self.allowRendering(in: context) }
        program = try Self.program(of: context)
    }

    /// Leaves this process nothing but the allowed calls, for the rest of its life.
    ///
    /// New privileges have to be forbidden before.
    package func load() throws(ConfinementError) {
        let result = program.withUnsafeBytes { ks_filter_calls($0.baseAddress, $0.count) }
        try ConfinementError.check(result, "system calls")
    }

    /// The whole of it, by way of a file in memory.
    private static func program(of context: scmp_filter_ctx) throws(ConfinementError) -> [UInt8] {
        let file = ks_memory_file("filter")
        try ConfinementError.check(file, "system calls")
        defer { close(file) }
        try check(seccomp_export_bpf(context, file), "system calls")
        let size = Int(lseek(file, 0, SEEK_END))
        var program = [UInt8](repeating: 0, count: max(0, size))
        let read = program.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
        guard size > 0, read == size else { throw ConfinementError(part: "system calls", errno: EIO) }
        return program
    }

    private static func allowRendering(in context: scmp_filter_ctx) throws(ConfinementError) {
        for name in allowedWithThreads + allowedWithMemoryFiles + allowedWithFonts { try allow(name, in: context) }
        for name in answeredWithErrors { try answer(name, EPERM, in: context) }
        // A thread, and no process: it shares this one's memory, and ends with it.
        try allow("clone", [argument(0, masked: KS_CLONE_THREAD, is: KS_CLONE_THREAD)], in: context)
        // Its flags lie in memory, where no filter can see them; the C library then asks by the one above.
        try answer("clone3", ENOSYS, in: context)
        // To read only. Landlock says what; where there is none, nothing can be opened.
        let reading = argument(2, masked: KS_OPEN_TO_CHANGE, is: 0)
        if Landlock.isPresent {
            try allow("openat", [reading], in: context)
        } else {
            try answer("openat", EACCES, [reading], in: context)
        }
    }

    private static func argument(_ index: UInt32, masked mask: UInt64, is value: UInt64) -> scmp_arg_cmp {
        scmp_arg_cmp(arg: index, op: SCMP_CMP_MASKED_EQ, datum_a: mask, datum_b: value)
    }

    private static func allow(
        _ name: String, _ conditions: [scmp_arg_cmp] = [], in context: scmp_filter_ctx
    ) throws(ConfinementError) {
        try add(KS_ACT_ALLOW, name, conditions, in: context)
    }

    private static func answer(
        _ name: String, _ error: Int32, _ conditions: [scmp_arg_cmp] = [], in context: scmp_filter_ctx
    ) throws(ConfinementError) {
        try add(ks_act_error(UInt16(error)), name, conditions, in: context)
    }

    private static func add(
        _ action: UInt32, _ name: String, _ conditions: [scmp_arg_cmp], in context: scmp_filter_ctx
    ) throws(ConfinementError) {
        let number = seccomp_syscall_resolve_name(name)
        try check(seccomp_rule_add_array(context, action, number, UInt32(conditions.count), conditions), name)
    }

    /// libseccomp answers with the negative error instead of setting `errno`.
    private static func check(_ result: Int32, _ part: String) throws(ConfinementError) {
        guard result >= 0 else { throw ConfinementError(part: part, errno: -result) }
    }
}
