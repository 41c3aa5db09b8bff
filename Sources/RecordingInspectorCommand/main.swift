import FileInspecting
import ForkServing
import Glibc
import Playing
import Sandboxing

// The inspector again, with what opens recordings: the daemon starts it once
// beside the other, which says what is to be asked of this one.

exit(ForkServer.serve(in: { try Confinement() }) { try Inspection(player: .libav()) })
