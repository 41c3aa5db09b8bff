internal import CLinux
internal import Glibc
internal import InspectionWire
internal import Sandboxing

/// Forks a process for each file, and sees to it that each of them ends.
package struct ForkServer<Work: ForkedWork & ~Copyable>: ~Copyable {
    private let work: Work
    private let confinement: Confinement
    private let arguments: InspectorArguments
    private let control: Int32
    private var children: [RunningChild] = []

    /// - Parameters:
    ///   - work: what each process does, once it is confined.
    ///   - control: the socket that requests come from.
    init(_ work: consuming Work, in confinement: consuming Confinement, arguments: InspectorArguments, control: Int32) {
        self.work = work
        self.confinement = confinement
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

    /// Forks a process for the file.
    private mutating func start(_ request: borrowing ReceivedRequest) {
        let server = getpid()
        let process = ks_fork()
        if process == 0 { runForked(request, childOf: server) }
        guard process > 0,
            let child = RunningChild(process, answer: request.answer, deadline: .now + arguments.timeLimit)
        else {
            complain("no process could be started for a file: error \(errno)")
            return
        }
        children.append(child)
    }

    /// Confines this process, has it do its work, and ends it.
    ///
    /// Ends it here, and not where it was forked: there Swift would, behind its last use, free all that was loaded
    /// before the fork, and each page of it that is touched is copied first.
    @inline(never)
    private borrowing func runForked(_ request: borrowing ReceivedRequest, childOf server: pid_t) -> Never {
        _exit(work(on: request, childOf: server))
    }

    /// Until the process is confined, it can still complain to the log; what follows is
    /// silent, for nothing that reads untrusted bytes may write there.
    private borrowing func work(on request: borrowing ReceivedRequest, childOf server: pid_t) -> Int32 {
        let dataKey = request.dataKey
        guard let dataKey, dup2(request.file, STDIN_FILENO) >= 0, dup2(request.answer, STDOUT_FILENO) >= 0,
            ks_close_from(UInt32(STDERR_FILENO) + 1) == 0
        else { return EXIT_FAILURE }
        do {
            try confinement.apply(childOf: server)
        } catch {
            complain("\(error)")
            return EXIT_FAILURE
        }
        close(STDERR_FILENO)
        return work.run(dataKey: dataKey, order: request.order)
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
