internal import CLinux

/// The kernel's own walls around files, sockets and signals.
///
/// A second wall behind ``SystemCallFilter``, which some kernels do not have.
///
/// Source: landlock(7).
package enum Landlock {
    /// Whether this kernel has it, and it is switched on.
    package static var isPresent: Bool { ks_landlock_abi() > 0 }

    /// Lets this process open no path, connect to nobody and signal nobody
    /// outside, as far as the kernel can see to that; nothing where it has no Landlock.
    ///
    /// New privileges have to be forbidden before, and a descriptor to be free.
    ///
    /// - Parameter folders: what may be read nevertheless, with all beneath; those that are not there are left out.
    package static func denyEverything(butReadingIn folders: [String] = []) throws(ConfinementError) {
        let abi = ks_landlock_abi()
        guard abi > 0 else { return }
        let rules = ks_landlock_rules_denying_all(abi)
        try ConfinementError.check(rules, "Landlock")
        for folder in folders { ks_landlock_allow_reading(rules, folder) }
        try ConfinementError.check(ks_landlock_put_on(rules), "Landlock")
    }
}
