import Artefacts
import Foundation
import Inspecting
import Sealing
import SystemPackage
import TestSupport
import Testing

/// Programs in the inspector's place, none of which does what it should.
@Suite struct InspectorTroubleTests {
    private let folder: TemporaryDirectory
    private let keyring = Keyring.forTests()

    init() throws { folder = try TemporaryDirectory() }

    struct Trouble: Sendable, CustomTestStringConvertible {
        let program: String
        let reason: String
        var timeLimit: Duration = .seconds(30)
        var testDescription: String { program }
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            Trouble(program: "#!/bin/sh\nkill -SEGV $$", reason: "stopped unexpectedly"),
            Trouble(program: "#!/bin/sh\nexit 1", reason: "stopped unexpectedly"),
            Trouble(program: "#!/bin/sh\necho nonsense", reason: "stopped unexpectedly"),
            Trouble(program: "#!/bin/sh\nexec cat", reason: "stopped unexpectedly"),
            Trouble(program: "#!/bin/sh\nexec sleep 600", reason: "took too long", timeLimit: .seconds(1)),
            Trouble(program: "not a program", reason: "could not be started"),
            Trouble(program: answering("pass"), reason: "stopped unexpectedly"),
            Trouble(program: answering("end.send(b'nonsense')"), reason: "no usable answer"),
            Trouble(program: answering("end.send(bytes(100_000))"), reason: "no usable answer"),
            Trouble(program: answering("end.send(struct.pack('>I', 2) + b'{}')"), reason: "no usable answer"),
            Trouble(
                program: answering("end.send(struct.pack('>I', 18) + b'{\"needsPlayer\":{}}')"),
                reason: "no usable answer"),
            Trouble(program: answering("time.sleep(600)"), reason: "took too long", timeLimit: .seconds(1)),
        ])
    func `an inspector in trouble leaves the file held, with the reason`(_ trouble: Trouble) async throws {
        let finding = try await inspect(with: try program(trouble.program), timeLimit: trouble.timeLimit)

        #expect(finding.state == .held)
        #expect(finding.reasons.first?.contains(trouble.reason) == true, "\(finding.reasons)")
        #expect(finding.reasons.first?.contains("It is safe") == true)
    }

    @Test func `a missing inspector leaves the file held, with the reason`() async throws {
        let finding = try await inspect(with: "/nowhere/keepsake-inspector")

        #expect(finding.state == .held)
        #expect(finding.reasons.first?.contains("could not be started") == true)
    }

    @Test func `a program that is no inspector is seldom started`() async throws {
        let starts = folder.path.appending("starts")
        let inspector = Inspector(
            keyring: keyring, executable: try program("#!/bin/sh\necho started >> '\(starts)'"))
        let drawing = try drawing()

        for _ in 0..<200 {
            let finding = await inspector.inspect(
                drawing, named: FileName(declared: "x"), declared: nil, receivedAt: Date()
            ).finding
            #expect(finding.state == .held)
        }
        let started = try String(contentsOfFile: starts.string, encoding: .utf8).split(separator: "\n")

        #expect(started.count < 20)
    }

    /// A program that takes one request as the inspector does, and then does something else with its answer's `end`.
    private static func answering(_ action: String) -> String {
        """
        #!/usr/bin/python3
        import socket, struct, time
        _, files, _, _ = socket.recv_fds(socket.socket(fileno=0), 100, 2)
        end = socket.socket(fileno=files[1])
        \(action)
        """
    }

    private func inspect(with program: FilePath, timeLimit: Duration = .seconds(30)) async throws -> Finding {
        await Inspector(keyring: keyring, executable: program, recordings: program, timeLimit: timeLimit).inspect(
            try drawing(), named: FileName(declared: "drawing.png"), declared: "image/png", receivedAt: Date()
        ).finding
    }

    private func drawing() throws -> FilePath {
        try folder.sealed("drawing", try Samples.bytes("drawing.png"), with: keyring)
    }

    private func program(_ text: String) throws -> FilePath {
        try folder.program("inspector", text)
    }
}
