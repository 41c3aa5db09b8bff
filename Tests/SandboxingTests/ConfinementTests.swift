import Foundation
import Glibc
import Sandboxing
import TestSupport
import Testing

/// Every wall from inside: a process puts it up for itself and tries to get through.
@Suite struct ConfinementTests {
    struct Attempt: Sendable, CustomTestStringConvertible {
        let act: String
        let outcome: String
        var testDescription: String { "\(act) is \(outcome)" }

        init(_ act: String, _ outcome: String) { (self.act, self.outcome) = (act, outcome) }

        static func killed(_ act: String, by signal: Int32 = SIGSYS) -> Attempt { Attempt(act, "killed \(signal)") }
        static func denied(_ act: String, _ error: Int32) -> Attempt { Attempt(act, "denied \(error)") }
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            .killed("open"), .killed("create"), .killed("connect"), .killed("execute"), .killed("forkBomb"),
            .killed("trace"), .killed("mapExecutable"), .killed("makeExecutable"), .killed("duplicate"),
            .killed("signalParent"), .killed("becomeRoot"), .denied("allocate", ENOMEM), .killed("spin", by: SIGKILL),
        ] as [Attempt])
    func `behind all walls, what a file has no need of is denied or deadly`(_ attempt: Attempt) async throws {
        #expect(try await outcome(of: attempt, behind: "all") == attempt.outcome)
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            .killed("create"), .killed("connect"), .killed("execute"), .killed("forkBomb"), .killed("spawn"),
            .killed("trace"), .killed("mapExecutable"), .killed("makeExecutable"), .killed("duplicate"),
            .killed("signalParent"), .killed("becomeRoot"), .denied("open", EACCES), .denied("allocate", ENOMEM),
            .killed("spin", by: SIGKILL),
        ] as [Attempt])
    func `behind the walls for rendering, the same is denied or deadly`(_ attempt: Attempt) async throws {
        #expect(try await outcome(of: attempt, behind: "rendering") == attempt.outcome)
    }

    @Test(arguments: ["read", "startThread", "writeMemoryFile"])
    func `behind the walls for rendering, threads and memory files can be had`(_ act: String) async throws {
        #expect(try await outcome(of: Attempt(act, "done"), behind: "rendering") == "done")
    }

    @Test(.enabled(if: Landlock.isPresent, "the kernel has no Landlock"))
    func `behind the walls for rendering, fonts can be read`() async throws {
        #expect(try await outcome(of: Attempt("openFonts", "done"), behind: "rendering") == "done")
    }

    @Test(arguments: ["startThread", "writeMemoryFile", "openFonts", "spawn"])
    func `behind the walls for inspecting, not even that`(_ act: String) async throws {
        #expect(try await outcome(of: .killed(act), behind: "all") == "killed \(SIGSYS)")
    }

    @Test func `behind all walls, what is open can be read`() async throws {
        #expect(try await outcome(of: Attempt("read", "done"), behind: "all") == "done")
    }

    @Test(
        .enabled(if: Landlock.isPresent, "the kernel has no Landlock"),
        arguments: [.denied("open", EACCES), .denied("create", EACCES), .denied("execute", EACCES)] as [Attempt])
    func `Landlock alone denies every file`(_ attempt: Attempt) async throws {
        #expect(try await outcome(of: attempt, behind: "landlock") == attempt.outcome)
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            .denied("open", EMFILE), .denied("create", EMFILE), .denied("duplicate", EMFILE),
            .denied("connect", EMFILE), .denied("forkBomb", EAGAIN), .denied("allocate", ENOMEM),
            .killed("spin", by: SIGKILL),
        ] as [Attempt])
    func `limits alone deny more files, processes, memory and time`(_ attempt: Attempt) async throws {
        #expect(try await outcome(of: attempt, behind: "limits") == attempt.outcome)
    }

    @Test(
        .enabled(if: getuid() == 0, "only root becomes nobody"),
        arguments: [.denied("becomeRoot", EPERM), .denied("trace", EPERM)] as [Attempt])
    func `root that became nobody stays nobody`(_ attempt: Attempt) async throws {
        #expect(try await outcome(of: attempt, behind: "user") == attempt.outcome)
    }

    @Test(arguments: [
        "open", "create", "execute", "forkBomb", "spawn", "allocate", "mapExecutable", "makeExecutable",
        "startThread", "writeMemoryFile", "openFonts",
    ])
    func `without walls, the same can be done`(_ act: String) async throws {
        #expect(try await outcome(of: Attempt(act, "done"), behind: "none") == "done")
    }

    private func outcome(of attempt: Attempt, behind walls: String) async throws -> String {
        try await Command.run(BuildProducts.path(of: "ConfinementProbe"), [walls, attempt.act])
            .output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
