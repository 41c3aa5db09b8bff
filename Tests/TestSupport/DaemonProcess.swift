internal import Foundation
internal import Synchronization
package import SystemPackage

/// A real `keepsake serve`, on a free port and a storage of its own.
package final class DaemonProcess: Sendable {
    package let storage: FilePath
    package let port: Int
    /// Everything on standard output up to the line that says what to do next.
    package let welcome: String
    package let client: TestClient
    /// Of the daemon itself, also where another program runs it.
    package let identifier: Int32
    private let process: Process
    private let logFile: FilePath

    /// For tests of derivatives. All others run without: no job changes under
    /// their hands what the daemon stores and answers.
    package static let withRenderer = ["KEEPSAKE_RENDERING_EXECUTABLE": ""]
    private static let withoutRenderer = ["KEEPSAKE_RENDERING_EXECUTABLE": "/nowhere"]

    /// Starts the daemon and waits until it listens.
    ///
    /// - Parameter wrapper: a program and its arguments that runs the daemon, such as strace.
    package init(
        storage: FilePath, wrapper: [String] = [], arguments: [String] = [], environment: [String: String] = [:]
    ) async throws {
        let command =
            wrapper + [BuildProducts.path(of: "keepsake").string, "serve", "--storage", storage.string, "--port", "0"]
            + arguments
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.environment = ProcessInfo.processInfo.environment.merging(Self.withoutRenderer) { $1 }
            .merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        logFile = storage.removingLastComponent().appending("daemon-\(UUID().uuidString).log")
        _ = FileManager.default.createFile(atPath: logFile.string, contents: nil)
        process.standardError = FileHandle(forWritingAtPath: logFile.string)
        try process.run()
        let welcome = await Self.welcome(output.fileHandleForReading)
        guard let line = welcome.split(separator: "\n").first(where: { $0.hasPrefix("listening on ") }),
            let port = line.split(separator: ":").last.flatMap({ Int($0) })
        else {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let log = (try? String(contentsOfFile: logFile.string, encoding: .utf8)) ?? ""
            throw DaemonDidNotStart(output: welcome, log: log)
        }
        self.process = process
        self.storage = storage
        self.port = port
        self.welcome = welcome
        identifier = wrapper.isEmpty ? process.processIdentifier : try Self.child(of: process.processIdentifier)
        let token = try await Command.run(
            BuildProducts.path(of: "keepsake"), ["token", "create", "--role", "worker", "--storage", storage.string])
        client = TestClient(port: port, token: token.output.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    deinit { stop(SIGKILL) }

    /// What the daemon has logged.
    package var log: String { (try? String(contentsOfFile: logFile.string, encoding: .utf8)) ?? "" }

    /// Whether the daemon ends by itself within half a minute, which is much also for a busy machine.
    package var isGoneSoon: Bool {
        get async throws {
            for _ in 0..<1200 {
                if !process.isRunning { return true }
                try await Task.sleep(for: .milliseconds(25))
            }
            return false
        }
    }

    /// Ends the daemon, and waits until it is gone; answers its status.
    @discardableResult
    package func stop(_ signal: Int32) -> Int32 {
        if process.isRunning {
            kill(identifier, signal)
            process.waitUntilExit()
        }
        return process.terminationStatus
    }

    /// Waits until every artefact was inspected, and everything was made of it or given up.
    package func jobsAreDone() async throws {
        while true {
            let jobs = try await Command.run(
                BuildProducts.path(of: "keepsake"), ["jobs", "--limit", "0", "--storage", storage.string])
            if jobs.output.isEmpty { throw DaemonDidNotStart(output: jobs.output, log: jobs.errors) }
            if jobs.output.firstMatch(of: /[1-9][0-9]* (waiting|running)/) == nil { return }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Waits until all that the index knows stands in the records beside the blobs, and nothing is synced for them
    /// any more.
    package func recordsAreWritten() async throws {
        try await indexTells(
            "NOT EXISTS (SELECT * FROM outbox) "
                + "AND (SELECT coalesce(max(sequence), 0) FROM journal) = (SELECT journal FROM written)")
    }

    /// Waits until a condition, in SQL, holds of the index: for what no answer tells.
    package func indexTells(_ condition: String) async throws {
        let script = """
            import sqlite3, sys, time
            index = sqlite3.connect(sys.argv[1], timeout=10)
            while not index.execute("SELECT " + sys.argv[2]).fetchone()[0]: time.sleep(0.02)
            """
        let waited = try await Command.run(
            "/usr/bin/env", ["python3", "-c", script, storage.appending("index.sqlite").string, condition])
        guard waited.status == 0 else { throw DaemonDidNotStart(output: waited.output, log: waited.errors) }
    }

    /// A new token.
    package func token(_ arguments: [String]) async throws -> String {
        let made = try await Command.run(
            BuildProducts.path(of: "keepsake"), ["token", "create", "--storage", storage.string] + arguments)
        guard made.status == 0 else { throw DaemonDidNotStart(output: made.output, log: made.errors) }
        return made.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func welcome(_ handle: FileHandle) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var text: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 4096)
                while !String(decoding: text, as: UTF8.self).contains("data lies in") {
                    let count = read(handle.fileDescriptor, &buffer, buffer.count)
                    if count < 0 && errno == EINTR { continue }
                    guard count > 0 else { break }
                    text += buffer[..<count]
                }
                continuation.resume(returning: String(decoding: text, as: UTF8.self))
            }
        }
    }

    private static func child(of parent: Int32) throws -> Int32 {
        let children = try String(contentsOfFile: "/proc/\(parent)/task/\(parent)/children", encoding: .utf8)
        return children.split(separator: " ").first.flatMap { Int32($0) } ?? parent
    }
}

/// A daemon that ended before it listened.
package struct DaemonDidNotStart: Error, CustomStringConvertible {
    package let output: String
    package let log: String

    package var description: String { "the daemon did not start: \(output) \(log)" }
}
