internal import CLinux
internal import Foundation
package import SystemPackage

/// A real clamd on a socket of its own, which knows one thing: the EICAR test file.
package final class ClamDaemon: Sendable {
    package let socket: FilePath
    private let process: Process

    /// What clamd calls the test file; it marks signatures that are not its makers'.
    package static let signature = "Keepsake.Test.UNOFFICIAL"

    /// A harmless text that every scanner is to take for malware.
    ///
    /// Source: EICAR, "Anti-Malware Testfile".
    package static let eicar = Array(#"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"#.utf8)

    /// Starts clamd as the current user and waits until it answers.
    ///
    /// - Parameter settings: further lines of its configuration.
    package init(in folder: FilePath, settings: [String] = []) async throws {
        socket = Self.socket(in: folder)
        let database = folder.appending("signatures").string
        try FileManager.default.createDirectory(atPath: database, withIntermediateDirectories: true)
        let pattern = Self.eicar.map { String(format: "%02x", $0) }.joined()
        try "Keepsake.Test:0:*:\(pattern)\n".write(toFile: database + "/test.ndb", atomically: true, encoding: .utf8)
        let configuration = folder.appending("clamd.conf").string
        let lines = [
            "DatabaseDirectory \(database)", "LocalSocket \(socket)", "FixStaleSocket yes", "Foreground yes",
            "TemporaryDirectory \(folder)", "AlertExceedsMax yes",
        ]
        try (lines + settings).joined(separator: "\n").write(toFile: configuration, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/sbin/clamd")
        process.arguments = ["-c", configuration]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        let socket = socket
        let isThere = try await Processes.wait { Self.answers(socket) ? true : process.isRunning ? nil : false }
        guard isThere else { throw ClamDaemonDidNotStart() }
    }

    /// Where a clamd of that folder is, or will be.
    package static func socket(in folder: FilePath) -> FilePath { folder.appending("clamd") }

    deinit { stop() }

    package func stop() {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
    }

    private static func answers(_ socket: FilePath) -> Bool {
        let connection = ks_connect(socket.string)
        if connection >= 0 { close(connection) }
        return connection >= 0
    }
}

package struct ClamDaemonDidNotStart: Error {}
