internal import CLinux
internal import Dispatch
internal import Glibc
internal import InspectionWire
internal import SystemPackage

/// A running `keepsake-inspector`, which ends when the last reference to it goes.
///
/// It gets a socket as its standard input, and nothing else that the daemon has
/// open but the log. Signals from a terminal do not reach it.
final class InspectorProcess: Sendable {
    private let control: SystemPackage.FileDescriptor
    /// Refers to this process and to none that gets its number later.
    private let process: SystemPackage.FileDescriptor

    private static let queue = DispatchQueue(label: "keepsake.inspector.end")

    /// Starts the program. To be called on a thread that does not end before
    /// the daemon does: the process ends with it.
    ///
    /// Source: prctl(2), PR_SET_PDEATHSIG.
    ///
    /// - Parameter givesWay: whether it, and what it forks, runs when nothing else does.
    /// - Throws: `Errno` if it cannot be started.
    init(executable: FilePath, arguments: InspectorArguments, givesWay: Bool = false) throws {
        let (ours, theirs) = try FileDescriptor.messageSockets()
        defer { try? theirs.close() }
        do {
            let identifier = try Self.spawn(executable, arguments, input: theirs)
            if givesWay { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(identifier), 19) }
            process = try Self.descriptor(of: identifier)
            control = ours
        } catch {
            try? ours.close()
            throw error
        }
    }

    deinit {
        // Its children end with it.
        _ = ks_kill(process.rawValue)
        try? process.close()
        try? control.close()
    }

    /// Sends a request without waiting; `false` if the process has ended, or
    /// has not taken anything for long.
    func take(_ request: InspectionRequest, file: Int32, answer: Int32) -> Bool {
        (try? request.send(file: file, answer: answer, over: control.rawValue)) != nil
    }

    /// Whether a request lies there that the process has not taken.
    var hasUntakenRequests: Bool { ks_has_unreceived(control.rawValue) != 0 }

    private static func spawn(
        _ executable: FilePath, _ arguments: InspectorArguments, input: SystemPackage.FileDescriptor
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.rawValue, STDIN_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        ks_spawn_without(&actions, STDERR_FILENO + 1)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The daemon ignores and blocks some signals; a group of its own keeps those of a terminal away.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGHUP, SIGINT, SIGPIPE, SIGTERM] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

        let words = CStrings([executable.string] + arguments.words)
        // What the dynamic loader finds out once, no forked process has to find out.
        let environment = CStrings(["SWIFT_BACKTRACE=enable=no", "LD_BIND_NOW=1"])
        var identifier: pid_t = 0
        let result = posix_spawn(
            &identifier, executable.string, &actions, &attributes, words.pointers, environment.pointers)
        guard result == 0 else { throw Errno(rawValue: result) }
        return identifier
    }

    /// A descriptor of the new process, which is reaped when it ends, whoever has forgotten it then.
    private static func descriptor(of identifier: pid_t) throws -> SystemPackage.FileDescriptor {
        let (ours, reapers) = (ks_process_descriptor(identifier), ks_process_descriptor(identifier))
        guard ours >= 0, reapers >= 0 else {
            let error = Errno(rawValue: errno)
            kill(identifier, SIGKILL)
            waitpid(identifier, nil, 0)
            for number in [ours, reapers] where number >= 0 { close(number) }
            throw error
        }
        let end = DispatchSource.makeReadSource(fileDescriptor: reapers, queue: queue)
        end.setEventHandler { end.cancel() }
        end.setCancelHandler {
            waitpid(identifier, nil, 0)
            close(reapers)
        }
        end.activate()
        return SystemPackage.FileDescriptor(rawValue: ours)
    }
}
