import ForkServing
import Glibc
import Sandboxing

// A server that the daemon starts once, as the inspector is: it has the
// libraries loaded, and forks a confined process for each sealed file of which
// derivatives are to be made.

exit(ForkServer.serve(in: { try Confinement(for: .rendering) }) { try RenderWork() })
