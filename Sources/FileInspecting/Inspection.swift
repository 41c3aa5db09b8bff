internal import ForkServing
internal import FoundationEssentials
internal import Glibc
internal import InspectionWire
package import Probing
internal import Reading
package import Sealing

/// What the process does that was forked to inspect one file.
package struct Inspection: ForkedWork, ~Copyable {
    private let probe: FileProbe

    /// Loads what the process will need.
    ///
    /// - Parameter player: opens recordings; `nil`: they are left to another inspector.
    package init(player: RecordingPlayer? = nil) throws {
        probe = try FileProbe(player: player)
        probe.warmUp()
    }

    /// Looks at the file and answers in one message.
    package borrowing func run(dataKey: SecretKey, order: [UInt8]) -> Int32 {
        guard let frame = try? answer(dataKey).frame(), Self.send(Array(frame)) else { return EXIT_FAILURE }
        return EXIT_SUCCESS
    }

    /// What there is to say: a report, who has one, or why there is none.
    private borrowing func answer(_ dataKey: SecretKey) -> InspectionAnswer {
        do {
            return .report(try probe.report(on: try FileBytes(descriptor: STDIN_FILENO, dataKey: dataKey)))
        } catch ProbeError.needsPlayer {
            return .needsPlayer
        } catch {
            return .failed(reason: "\(error)")
        }
    }

    private static func send(_ frame: [UInt8]) -> Bool {
        frame.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) } == frame.count
    }
}
