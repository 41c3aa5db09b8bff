import CLinux
import ForkServing
import Glibc
import InspectionWire
import Reading
import Rendering
import Sealing

/// What the process does that was forked to make derivatives of one file.
struct RenderWork: ForkedWork, ~Copyable {
    init() throws { try DerivativeMaker.warmUp() }

    /// Makes the derivatives of the order and sends them as frames, as fast as they are taken.
    borrowing func run(dataKey: SecretKey, order: [UInt8]) -> Int32 {
        // Takes the number of the log, which is closed: libraries may say there what they like, and nobody reads it.
        guard ks_memory_file("log") == STDERR_FILENO else { return EXIT_FAILURE }
        do {
            let order = try RenderOrder(decoding: order)
            let file = try FileBytes(descriptor: STDIN_FILENO, dataKey: dataKey)
            try DerivativeMaker(emit: Self.send).make(order, of: file)
            return EXIT_SUCCESS
        } catch {
            return EXIT_FAILURE
        }
    }

    private static func send(_ frame: RenderFrame) throws(RenderingError) {
        guard let bytes = try? frame.encoded() else { throw RenderingError("there is too much to be said of it") }
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            guard sent > 0 else { throw RenderingError("nobody waits for it") }
            rest = rest.dropFirst(sent)
        }
    }
}
