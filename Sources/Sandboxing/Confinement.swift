internal import CLinux
internal import Glibc

/// All that a process gives up before it reads the first untrusted byte.
///
/// Made once, before a fork; each child puts it on for itself.
package struct Confinement: ~Copyable {
    private let duty: Duty
    private let limits: ResourceLimits
    private let filter: SystemCallFilter

    /// - Parameter limits: `nil` for those of the duty.
    package init(for duty: Duty = .inspecting, limits: ResourceLimits? = nil) throws(ConfinementError) {
        self.duty = duty
        self.limits = limits ?? ResourceLimits(for: duty)
        filter = try SystemCallFilter(for: duty)
    }

    /// Confines this process for the rest of its life, which ends with its parent's.
    ///
    /// - Parameter parent: the process that forked this one.
    /// - Throws: ``ConfinementError`` if any part of it fails; the process must then end.
    package borrowing func apply(childOf parent: Int32) throws(ConfinementError) {
        try UnprivilegedUser.replaceRoot()
        // After the change of user, which undoes both.
        try ConfinementError.check(ks_die_with_parent(), "outliving its parent")
        guard getppid() == parent else { throw ConfinementError(part: "outliving its parent", errno: ESRCH) }
        try ConfinementError.check(ks_forbid_dumping(), "dumping")
        try ConfinementError.check(ks_forbid_new_privileges(), "new privileges")
        try Landlock.denyEverything(butReadingIn: duty.readableFolders)
        try limits.apply()
        try filter.load()
    }
}
