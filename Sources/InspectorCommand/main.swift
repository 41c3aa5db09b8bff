import CLinux
import Glibc
import InspectionWire
import Sandboxing

// A server that the daemon starts once: it has the libraries loaded, and forks
// a confined process for each sealed file that comes over the socket on its
// standard input. Single-threaded, or what it forks could not go on.

guard let arguments = InspectorArguments(words: CommandLine.arguments.dropFirst()) else {
    complain("is started by keepsake, not by people")
    exit(64)
}
// Its end is the daemon's, which may have files to inspect after it was told to
// stop: a service manager tells both.
signal(SIGTERM, SIG_IGN)
signal(SIGINT, SIG_IGN)
_ = ks_die_with_parent()
// Keys pass through its memory.
_ = ks_forbid_dumping()
if !Landlock.isPresent { complain("this kernel has no Landlock; files are inspected behind seccomp alone") }

do {
    var server = ForkServer(try Inspection(), arguments: arguments, control: STDIN_FILENO)
    server.run()
} catch {
    complain("\(error)")
    exit(1)
}
