import CLinux
import Glibc
import Sandboxing

// Confines a process of its own behind the named walls, has it try the named
// act, and prints how that ended: `done`, `denied ERROR` or `killed SIGNAL`.

/// Puts up the walls that are named: all that an inspection has, or one kind alone.
func putUp(_ walls: String, parent: pid_t) throws {
    let duty: Duty = walls == "rendering" ? .rendering : .inspecting
    var limits = ResourceLimits(for: duty)
    limits.cpuSeconds = 1
    switch walls {
    case "all", "rendering":
        try Confinement(for: duty, limits: limits).apply(childOf: parent)
    case "landlock":
        _ = ks_forbid_new_privileges()
        try Landlock.denyEverything()
    case "limits":
        try UnprivilegedUser.replaceRoot()
        try limits.apply()
    case "user":
        try UnprivilegedUser.replaceRoot()
    default:
        break
    }
}

let parent = getpid()
guard CommandLine.arguments.count == 3, let act = Act(rawValue: CommandLine.arguments[2]) else { exit(64) }
let child = ks_fork()
if child == 0 {
    do { try putUp(CommandLine.arguments[1], parent: parent) } catch { _exit(200) }
    _exit(act.attempt())
}
var status: Int32 = 0
waitpid(child, &status, 0)
switch (status & 0x7F, status >> 8 & 0xFF) {
case (0, 0): print("done")
case (0, let error): print("denied \(error)")
case (let signal, _): print("killed \(signal)")
}
