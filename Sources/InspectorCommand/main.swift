import FileInspecting
import ForkServing
import Glibc
import Sandboxing

// A server that the daemon starts once: it has the libraries loaded, and forks
// a confined process for each sealed file that comes over the socket on its
// standard input. Single-threaded, or what it forks could not go on. Recordings
// are another program's: each library that is loaded costs every fork.

exit(ForkServer.serve(in: { try Confinement() }) { try Inspection() })
