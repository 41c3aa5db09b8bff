import Foundation
import SystemPackage

/// strace on a running process, which it disturbs at one of its system calls.
final class Tracer {
    private let process = Process()

    /// - Parameters:
    ///   - nth: counted for each thread by itself.
    ///   - path: the only file whose calls are meant; `nil`: all.
    ///   - effect: what happens at the n-th call, in strace's words.
    init(of identifier: Int32, at call: String, nth: Int, on path: FilePath? = nil, _ effect: String) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/strace")
        process.arguments = [
            "-f", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):\(effect):when=\(nth)",
            "-p", String(identifier),
        ]
        if let path { process.arguments? += ["-P", path.string] }
        let output = Pipe()
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // It says so once it is attached.
        _ = output.fileHandleForReading.availableData
    }

    /// The traced process goes on by itself.
    func stop() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
