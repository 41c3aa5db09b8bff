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
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program.string)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (output, errors) = (Pipe(), Pipe())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                do {
                    try process.run()
                    let text = output.fileHandleForReading.readDataToEndOfFile()
                    let complaints = errors.fileHandleForReading.readDataToEndOfFile()
                    process.waitUntilExit()
                    continuation.resume(
                        returning: Command(
                            status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
                            errors: String(decoding: complaints, as: UTF8.self)))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }
}
