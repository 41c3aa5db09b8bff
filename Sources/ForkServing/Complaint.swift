import Glibc

/// Says something to whoever reads the daemon's log.
func complain(_ text: String) {
    let line = Array("keepsake-inspector: \(text)\n".utf8)
    // Nothing can be done about a log that takes nothing.
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
