import ForkServing
import FoundationEssentials
import Glibc
import InspectionWire
import Probing
import Reading
import Sealing

/// What the process does that was forked to inspect one file.
struct Inspection: ForkedWork, ~Copyable {
    private let probe: FileProbe

    init() throws {
        probe = try FileProbe()
        probe.warmUp()
    }

    /// Looks at the file and answers in one message.
    borrowing func run(dataKey: SecretKey, order: [UInt8]) -> Int32 {
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
