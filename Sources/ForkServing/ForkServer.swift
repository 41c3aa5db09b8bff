import CLinux
import Glibc
import InspectionWire

/// Forks a process for each file, and sees to it that each of them ends.
struct ForkServer: ~Copyable {
    private let inspection: Inspection
    private let arguments: InspectorArguments
    private let control: Int32
    private var children: [RunningChild] = []

    /// - Parameter control: the socket that requests come from.
    init(_ inspection: consuming Inspection, arguments: InspectorArguments, control: Int32) {
        self.inspection = inspection
        self.arguments = arguments
        self.control = control
    }

    /// Serves until the daemon has closed its end.
    mutating func run() {
        while true {
            let hasPlace = children.count < arguments.concurrency
            var polled = [pollfd(fd: control, events: hasPlace ? Int16(POLLIN) : 0, revents: 0)]
            for child in children { polled += child.polled }
            guard poll(&polled, nfds_t(polled.count), millisecondsToDeadline) >= 0 || errno == EINTR else { return }
            settle(polled.dropFirst())
            let happened = Int32(polled[0].revents)
            if happened & POLLIN != 0 {
                guard let request = ReceivedRequest(from: control) else { return }
                start(request)
            } else if happened != 0 {
                return
            }
        }
    }

    /// Forks a process for the file; its key is wiped from this one afterwards.
    private mutating func start(_ request: consuming ReceivedRequest) {
        let server = getpid()
        let process = ks_fork()
        if process == 0 { _exit(inspection.run(request, childOf: server)) }
        guard process > 0,
            let child = RunningChild(process, answer: request.answer, deadline: .now + arguments.timeLimit)
        else {
            complain("no process could be started for a file: error \(errno)")
            return
        }
        children.append(child)
    }

    /// Forgets the processes that have ended; kills those that are too late or wait for nobody.
    ///
    /// - Parameter polled: two for each child, in order.
    private mutating func settle(_ polled: ArraySlice<pollfd>) {
        var polled = polled
        children.removeAll { child in
            let (end, answer) = (polled.removeFirst(), polled.removeFirst())
            if end.revents != 0, child.reap() { return true }
            if answer.revents != 0 || child.deadline <= .now { child.kill() }
            return false
        }
    }

    private var millisecondsToDeadline: Int32 {
        guard let deadline = children.map(\.deadline).min() else { return -1 }
        let left = max(.zero, ContinuousClock.Instant.now.duration(to: deadline))
        // Rounded up, so as not to wake before.
        return Int32(clamping: left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1)
    }
}
