internal import Glibc
internal import InspectionWire
internal import Sealing
internal import Synchronization
internal import SystemPackage

/// The one process that forks another for each file, started when it is needed
/// and again when it has ended.
///
/// All methods may block for the few milliseconds of a start.
final class InspectionServer: Sendable {
    private struct State {
        var process: InspectorProcess?
        var delay = RestartDelay()
    }

    private let executable: FilePath
    private let arguments: InspectorArguments
    private let state = Mutex(State())

    init(executable: FilePath, arguments: InspectorArguments) {
        self.executable = executable
        self.arguments = arguments
    }

    /// Starts the process where there is none.
    ///
    /// - Throws: ``InspectionFailure/notStarted``, also where it ended a moment ago.
    func start() throws(InspectionFailure) {
        try state.withLock { state throws(InspectionFailure) in
            if state.process == nil { try start(&state) }
        }
    }

    /// Has a sealed file looked at.
    ///
    /// - Throws: `Errno` or ``SealedFileError`` if the file cannot be opened;
    ///   ``InspectionFailure`` if nobody looks at it.
    func inspect(_ path: FilePath, with keyring: Keyring) throws -> PendingAnswer {
        let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        defer { try? file.close() }
        var header = [UInt8](repeating: 0, count: SealedHeader.size)
        _ = try header.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
        let request = InspectionRequest(dataKey: try FileCipher(header: header, keyring: keyring).dataKey)
        let (ours, theirs) = try FileDescriptor.messageSockets()
        defer { try? theirs.close() }
        let answer = PendingAnswer(from: ours)
        try send(request, file: file.rawValue, answer: theirs.rawValue)
        return answer
    }

    private func send(_ request: InspectionRequest, file: Int32, answer: Int32) throws(InspectionFailure) {
        try state.withLock { state throws(InspectionFailure) in
            if let process = state.process, process.take(request, file: file, answer: answer) { return }
            try start(&state)
            guard let process = state.process, process.take(request, file: file, answer: answer) else {
                throw .stopped
            }
        }
    }

    private func start(_ state: inout State) throws(InspectionFailure) {
        state.process = nil
        let now = ContinuousClock.now
        guard state.delay.mayStart(at: now) else { throw .notStarted }
        state.delay.started(at: now)
        do {
            state.process = try InspectorProcess(executable: executable, arguments: arguments)
        } catch {
            throw .notStarted
        }
    }

    /// An answer came: the program is what it should be.
    func answered() { state.withLock { $0.delay.answered() } }

    /// An answer was waited for in vain: ends a process that takes no requests.
    func timedOut() {
        state.withLock { state in
            if state.process?.hasUntakenRequests == true { state.process = nil }
        }
    }
}
