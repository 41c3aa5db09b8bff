internal import Glibc

/// Says something to whoever reads the daemon's log, under the name of this program.
package func complain(_ text: String) {
    let program = CommandLine.arguments.first?.split(separator: "/").last ?? "keepsake"
    let line = Array("\(program): \(text)\n".utf8)
    // Nothing can be done about a log that takes nothing.
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
