import CLinux
import FoundationEssentials
import Glibc
import InspectionWire
import Probing
import Reading
import Sandboxing
import Sealing

/// What the process does that was forked for one file; made once, before the fork.
struct Inspection: ~Copyable {
    private let probe: FileProbe
    private let confinement: Confinement

    init() throws {
        let probe = try FileProbe()
        confinement = try Confinement()
        self.probe = probe
        self.probe.warmUp()
    }

    /// Confines this process, looks at the file and answers in one message;
    /// with what it returns the process has to end.
    ///
    /// Until it is confined, it can still complain to the log; what follows is
    /// silent, for nothing that reads untrusted bytes may write there.
    borrowing func run(_ request: borrowing ReceivedRequest, childOf server: pid_t) -> Int32 {
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
        guard let frame = try? answer(dataKey).frame(), Self.send(Array(frame)) else { return EXIT_FAILURE }
        return EXIT_SUCCESS
    }

    /// What there is to say: a report, or why there is none.
    private borrowing func answer(_ dataKey: SecretKey) -> InspectionAnswer {
        do {
            return .report(try probe.report(on: try FileBytes(descriptor: STDIN_FILENO, dataKey: dataKey)))
        } catch {
            return .failed(reason: "\(error)")
        }
    }

    private static func send(_ frame: [UInt8]) -> Bool {
        frame.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) } == frame.count
    }
}
