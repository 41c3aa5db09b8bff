import FoundationEssentials
import Glibc
import InspectionWire
import Probing
import Sandboxing

// Gets a sealed file and its key over the socket that is its standard input,
// writes one frame to its standard output, and ends. Single-threaded; takes no
// arguments and no environment.

/// What this process has to say: a report, or why there is none.
func answer() -> InspectionAnswer {
    do {
        let probe = try FileProbe()
        try ResourceLimits.apply()
        let (request, descriptor) = try InspectionRequest.receive(from: STDIN_FILENO)
        return .report(try probe.report(on: try FileBytes(descriptor: descriptor, dataKey: request.dataKey)))
    } catch {
        return .failed(reason: "\(error)")
    }
}

func write(_ frame: Data) -> Bool {
    var rest = Array(frame)[...]
    while !rest.isEmpty {
        let written = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        guard written > 0 else { return false }
        rest = rest.dropFirst(written)
    }
    return true
}

guard let frame = try? answer().frame(), write(frame) else { exit(1) }
