internal import Glibc

/// The user without rights and without files, `nobody`.
package enum UnprivilegedUser {
    /// The number of `nobody` and of `nogroup`, and of whoever has no number.
    ///
    /// Source: Debian Policy 9.2.2; user_namespaces(7).
    private static let id: UInt32 = 65534

    /// Makes root, and nobody else, this user for the rest of the process's life.
    package static func replaceRoot() throws(ConfinementError) {
        guard geteuid() == 0 else { return }
        try ConfinementError.check(setgroups(0, nil), "groups")
        try ConfinementError.check(setgid(id), "group")
        try ConfinementError.check(setuid(id), "user")
        // Whoever can become root again has not changed.
        guard setuid(0) != 0, getuid() == id, geteuid() == id, getegid() == id else {
            throw ConfinementError(part: "user", errno: EPERM)
        }
    }
}
