internal import CSeccomp
internal import Glibc

/// The few system calls that are left to a process that reads untrusted bytes;
/// any other kills it.
///
/// Made once, before a fork, so that each child only has to load it.
///
/// Source: seccomp(2), libseccomp's manual.
package struct SystemCallFilter: ~Copyable {
    private let context: scmp_filter_ctx

    /// To read and to answer by what is open already, to have memory, to end.
    private static let allowed = [
        "pread64", "read", "lseek", "fstat", "newfstatat", "write", "close", "brk", "munmap", "mremap", "madvise",
        "futex", "gettid", "clock_gettime", "getrandom", "rt_sigreturn", "rt_sigprocmask", "sigaltstack", "exit",
        "exit_group",
    ]
    /// Allowed for memory that cannot be executed; the third argument says what it is for.
    private static let allowedWithoutExecution = ["mmap", "mprotect"]

    package init() throws(ConfinementError) {
        guard let context = seccomp_init(KS_ACT_KILL_PROCESS) else {
            throw ConfinementError(part: "system calls", errno: ENOMEM)
        }
        do {
            for name in Self.allowed { try Self.allow(name, [], in: context) }
            let notExecutable = scmp_arg_cmp(
                arg: 2, op: SCMP_CMP_MASKED_EQ, datum_a: scmp_datum_t(PROT_EXEC), datum_b: 0)
            for name in Self.allowedWithoutExecution { try Self.allow(name, [notExecutable], in: context) }
        } catch {
            seccomp_release(context)
            throw error
        }
        self.context = context
    }

    deinit { seccomp_release(context) }

    /// Leaves this process nothing but the allowed calls, for the rest of its life.
    package borrowing func load() throws(ConfinementError) {
        try Self.check(seccomp_load(context), "system calls")
    }

    private static func allow(
        _ name: String, _ conditions: [scmp_arg_cmp], in context: scmp_filter_ctx
    ) throws(ConfinementError) {
        let number = seccomp_syscall_resolve_name(name)
        try check(
            seccomp_rule_add_array(context, KS_ACT_ALLOW, number, UInt32(conditions.count), conditions), name)
    }

    /// libseccomp answers with the negative error instead of setting `errno`.
    private static func check(_ result: Int32, _ part: String) throws(ConfinementError) {
        guard result >= 0 else { throw ConfinementError(part: part, errno: -result) }
    }
}
