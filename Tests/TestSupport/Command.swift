internal import Foundation
package import SystemPackage

/// A program that was run to its end.
package struct Command: Sendable {
    package let status: Int32
    package let output: String
    package let errors: String

    /// Runs a program; `environment` is added to the test's own.
    package static func run(
        _ program: FilePath, _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> Command {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try Command(running: program, arguments, environment) })
            }
        }
    }

    /// Opens its pipes only now that a thread is there for it: with a thousand descriptors open, those of all that
    /// wait, Foundation reads beyond the list of them when it starts a process.
    private init(running program: FilePath, _ arguments: [String], _ environment: [String: String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program.string)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (output, errors) = (Pipe(), Pipe())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        self.errors = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        status = process.terminationStatus
    }
}
