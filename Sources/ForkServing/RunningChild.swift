internal import CLinux
internal import Glibc

/// A process that looks at one file, from its fork until it is reaped.
final class RunningChild {
    private let process: pid_t
    /// Readable once the process has ended.
    private let descriptor: Int32
    /// Our copy of the answer's end, which tells when nobody waits for it any
    /// more; -1 once the process was killed.
    private var answer: Int32
    private(set) var deadline: ContinuousClock.Instant

    /// Takes a process that was just forked, and a descriptor of its answer, which stays the caller's.
    ///
    /// A process that cannot be watched is killed, and there is none.
    init?(_ process: pid_t, answer: Int32, deadline: ContinuousClock.Instant) {
        self.process = process
        self.deadline = deadline
        descriptor = ks_process_descriptor(process)
        self.answer = fcntl(answer, F_DUPFD_CLOEXEC, 0)
        if descriptor < 0 || self.answer < 0 {
            kill()
            waitpid(process, nil, 0)
            return nil
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if answer >= 0 { close(answer) }
    }

    /// What is to be waited for: the end of the process, and that of the wait for its answer.
    var polled: [pollfd] {
        [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: answer, events: 0, revents: 0)]
    }

    /// Reaps the process if it has ended, and says so.
    func reap() -> Bool { waitpid(process, nil, WNOHANG) == process }

    /// Kills a process that is too late, or has nobody to answer.
    ///
    /// Its answer ends at once; the process is there until it is reaped.
    func kill() {
        _ = Glibc.kill(process, SIGKILL)
        if answer >= 0 { close(answer) }
        answer = -1
        // Nothing more can be done at a deadline.
        deadline = .now + .seconds(3600)
    }
}
