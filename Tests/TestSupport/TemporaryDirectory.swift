internal import Foundation
package import SystemPackage

/// A folder of one test, which goes with it.
package final class TemporaryDirectory: Sendable {
    package let path: FilePath

    package init() throws {
        path = FilePath(NSTemporaryDirectory()).appending("keepsake-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    /// Puts a file into the folder, and answers where it is.
    package func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> FilePath {
        let path = path.appending(name)
        try Data(bytes).write(to: URL(fileURLWithPath: path.string))
        return path
    }

    /// Puts a program into the folder, and answers where it is.
    ///
    /// Another process writes it: whoever starts a program at that moment would
    /// else hand it on open for writing, and what is open for writing cannot be started.
    package func program(_ name: String, _ text: String) throws -> FilePath {
        let source = try file("\(name).text", text.utf8)
        let program = path.appending(name)
        let install = Process()
        install.executableURL = URL(fileURLWithPath: "/usr/bin/install")
        install.arguments = ["-m", "700", source.string, program.string]
        try install.run()
        install.waitUntilExit()
        return program
    }
}
