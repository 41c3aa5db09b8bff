internal import Glibc
internal import InspectionWire
internal import Sealing
internal import Synchronization
internal import SystemPackage

/// The one process that forks another for each file, started when it is needed
/// and again when it has ended.
///
/// All methods but ``answered()`` may block for the few milliseconds of a start.
final class InspectionServer: Sendable {
    private let executable: FilePath
    private let arguments: InspectorArguments
    private let givesWay: Bool
    private let process = Mutex<InspectorProcess?>(nil)
    /// Apart, so that nobody who has an answer waits for a start.
    private let delay = Mutex(RestartDelay())

    /// - Parameter givesWay: whether whatever else this machine does comes first.
    init(executable: FilePath, arguments: InspectorArguments, givesWay: Bool = false) {
        self.executable = executable
        self.arguments = arguments
        self.givesWay = givesWay
    }

    /// One of the same program, to which whatever else this machine does comes first.
    func givingWay() -> InspectionServer {
        InspectionServer(executable: executable, arguments: arguments, givesWay: true)
    }

    /// Starts the process where there is none.
    ///
    /// - Throws: ``InspectionFailure/notStarted``, also where it ended a moment ago.
    func start() throws(InspectionFailure) {
        try process.withLock { process throws(InspectionFailure) in
            if process == nil { process = try newProcess() }
        }
    }

    /// Has a sealed file looked at.
    ///
    /// - Throws: `Errno` or ``SealedFileError`` if the file cannot be opened;
    ///   ``InspectionFailure`` if nobody looks at it.
    func inspect(_ path: FilePath, with keyring: Keyring) throws -> PendingAnswer {
        PendingAnswer(from: try ask(path, with: keyring, order: [], over: SOCK_SEQPACKET))
    }

    /// Has derivatives of a sealed file made; answers the end of a stream of ``RenderFrame``s.
    ///
    /// - Throws: as ``inspect(_:with:)``.
    func render(_ path: FilePath, with keyring: Keyring, order: [UInt8]) throws -> FileDescriptor {
        try ask(path, with: keyring, order: order, over: SOCK_STREAM)
    }

    private func ask(
        _ path: FilePath, with keyring: Keyring, order: [UInt8], over type: __socket_type
    ) throws -> FileDescriptor {
        let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        defer { try? file.close() }
        var header = [UInt8](repeating: 0, count: SealedHeader.size)
        _ = try header.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
        let request = InspectionRequest(
            dataKey: try FileCipher(header: header, keyring: keyring).dataKey, order: order)
        let (ours, theirs) = try FileDescriptor.sockets(type)
        defer { try? theirs.close() }
        do {
            try send(request, file: file.rawValue, answer: theirs.rawValue)
            return ours
        } catch {
            try? ours.close()
            throw error
        }
    }

    private func send(_ request: InspectionRequest, file: Int32, answer: Int32) throws(InspectionFailure) {
        try process.withLock { process throws(InspectionFailure) in
            if process?.take(request, file: file, answer: answer) == true { return }
            process = nil
            let new = try newProcess()
            process = new
            guard new.take(request, file: file, answer: answer) else { throw .stopped }
        }
    }

    private func newProcess() throws(InspectionFailure) -> InspectorProcess {
        let mayStart = delay.withLock { delay in
            let now = ContinuousClock.now
            guard delay.mayStart(at: now) else { return false }
            delay.started(at: now)
            return true
        }
        guard mayStart else { throw .notStarted }
        do {
            return try InspectorProcess(executable: executable, arguments: arguments, givesWay: givesWay)
        } catch {
            throw .notStarted
        }
    }

    /// An answer came: the program is what it should be.
    func answered() { delay.withLock { $0.answered() } }

    /// An answer was waited for in vain: ends a process that takes no requests.
    func timedOut() {
        process.withLock { process in
            if process?.hasUntakenRequests == true { process = nil }
        }
    }
}
