import Artefacts
import Foundation
import Inspecting
import Sealing
import SystemPackage
import TestSupport
import Testing

/// A real inspector under a name of its own, so that its processes can be told from those of other tests.
struct ObservedInspector {
    let keyring = Keyring.forTests()
    /// What is started: the inspector, or what traces it.
    let program: FilePath
    private let folder: TemporaryDirectory
    private let name: String

    /// - Parameters:
    ///   - program: an inspector, or the renderer.
    ///   - strace: options for strace, which then runs the program.
    init(program: String = "keepsake-inspector", strace options: String? = nil) throws {
        folder = try TemporaryDirectory()
        let link = folder.path.appending("inspector")
        try FileManager.default.createSymbolicLink(
            atPath: link.string, withDestinationPath: BuildProducts.path(of: program).string)
        name = link.string
        guard let options else {
            self.program = link
            return
        }
        self.program = try folder.program(
            "traced",
            "#!/bin/sh\nexec /usr/bin/strace -f -qq -o '\(folder.path)/trace' \(options) '\(link)' \"$@\"\n")
    }

    /// Every process that it forks stops just before it is confined, until it is let go on or killed.
    static func halting(program: String = "keepsake-inspector") throws -> ObservedInspector {
        try ObservedInspector(program: program, strace: "-e trace=getppid -e inject=getppid:signal=SIGSTOP")
    }

    /// The server, once there is one.
    var server: Int32 {
        get async throws {
            try await Processes.wait { Processes.descendants(of: getpid(), startedAs: name).first }
        }
    }

    /// So many processes that look at files, once there are as many and all have stopped.
    func inspections(count: Int) async throws -> [Int32] {
        let server = try await server
        return try await Processes.wait {
            let running = Processes.children(of: server)
            let calls = (try? calls) ?? [:]
            let areStopped = running.allSatisfy { calls[$0]?.contains { $0.contains("stopped by SIGSTOP") } ?? false }
            return running.count == count && areStopped ? running : nil
        }
    }

    /// Lets a process that was stopped go on, until it has ended.
    func letGoOn(_ process: Int32) async throws {
        try await Processes.wait { kill(process, SIGCONT) == 0 ? nil : () }
    }

    /// What strace has written of each process, in order; a call that another
    /// process interrupted is put together again.
    var calls: [Int32: [String]] {
        get throws {
            let lines = try String(contentsOfFile: "\(folder.path)/trace", encoding: .utf8).split(separator: "\n")
            return lines.reduce(into: [:]) { calls, line in
                let parts = line.split(separator: " ", maxSplits: 1)
                guard parts.count == 2, let process = Int32(parts[0]) else { return }
                let text = parts[1].trimmingCharacters(in: .whitespaces)
                if text.hasPrefix("<..."), let end = text.firstIndex(of: ">"),
                    let begun = calls[process]?.popLast()
                {
                    let rest = text[text.index(after: end)...]
                    calls[process]?.append(begun.replacing(" <unfinished ...>", with: "") + rest)
                } else {
                    calls[process, default: []].append(text)
                }
            }
        }
    }

    /// A sample, sealed.
    func sealed(_ name: String) throws -> FilePath { try sealed(try Samples.bytes(name), as: name) }

    /// Any bytes, sealed.
    func sealed(_ bytes: some Sequence<UInt8>, as name: String) throws -> FilePath {
        try folder.sealed("sealed-\(name)", bytes, with: keyring)
    }

    /// Has a file looked at as the daemon does.
    func inspect(_ file: FilePath, with inspector: Inspector) async -> Finding {
        await inspector.inspect(file, named: FileName(declared: "sample"), declared: nil, receivedAt: Date()).finding
    }
}
