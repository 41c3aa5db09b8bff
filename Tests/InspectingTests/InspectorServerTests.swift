import Artefacts
import Foundation
import InspectionWire
import Sealing
import SystemPackage
import TestSupport
import Testing

@testable import Inspecting

/// The process that forks another for each file.
@Suite(.timeLimit(.minutes(5))) struct InspectorServerTests {
    @Test(arguments: [
        ("keepsake-inspector", ["drawing.png", "photo.jpg", "letter.txt"]),
        ("keepsake-recording-inspector", ["video.mp4", "voice.m4a", "voice.opus"]),
    ])
    func `one server has each file looked at by a process that is confined before it reads`(
        _ program: String, _ files: [String]
    ) async throws {
        let observed = try ObservedInspector(
            program: program, strace: "-y -e trace=execve,prlimit64,prctl,seccomp,recvmsg,pread64,write")
        let inspector =
            program == "keepsake-inspector"
            ? Inspector(keyring: observed.keyring, executable: observed.program)
            : Inspector(keyring: observed.keyring, recordings: observed.program)

        for name in files {
            let finding = await observed.inspect(try observed.sealed(name), with: inspector)
            #expect(finding.state == .kept, "\(finding.reasons)")
        }
        let calls = try observed.calls
        let inspections = calls.values.filter { $0.contains { $0.hasPrefix("pread64") && $0.contains("/sealed-") } }

        #expect(calls.values.joined().count { $0.hasPrefix("execve") } == 1)
        #expect(inspections.count == 3)
        for calls in inspections {
            let firstRead = try #require(calls.firstIndex { $0.hasPrefix("pread64") })
            for wanted in [
                "RLIMIT_CPU", "RLIMIT_AS", "RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_CORE",
                "PR_SET_NO_NEW_PRIVS", "PR_SET_DUMPABLE", "PR_SET_PDEATHSIG", "SECCOMP_SET_MODE_FILTER",
            ] {
                #expect(calls[..<firstRead].contains { $0.contains(wanted) && $0.hasSuffix("= 0") }, "\(wanted)")
            }
            #expect(calls.count { $0.hasPrefix("write(") } == 1)
            #expect(!calls.contains { $0.hasPrefix("recvmsg") })
        }
    }

    @Test(arguments: [(false, 0), (true, 19)])
    func `what can wait is looked at when nothing else is to be done`(_ canWait: Bool, _ niceness: Int) async throws {
        let observed = try ObservedInspector()
        let inspector = Inspector(keyring: observed.keyring, executable: observed.program)
        let patient = canWait ? inspector.givingWay() : inspector

        let finding = await observed.inspect(try observed.sealed("drawing.png"), with: patient)
        let server = try await observed.server

        #expect(finding.state == .kept)
        #expect(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(server)) == niceness)
    }

    @Test func `a server that was killed is started again`() async throws {
        let observed = try ObservedInspector()
        let inspector = Inspector(keyring: observed.keyring, executable: observed.program)
        let drawing = try observed.sealed("drawing.png")
        let before = await observed.inspect(drawing, with: inspector)
        let first = try await observed.server

        kill(first, SIGKILL)
        try await Processes.end(of: first)
        let after = await observed.inspect(drawing, with: inspector)

        #expect(before.state == .kept)
        #expect(after.state == .kept)
        #expect(try await observed.server != first)
        withExtendedLifetime(inspector) {}
    }

    @Test func `a server that dies in the middle leaves the file held, and the next is inspected`() async throws {
        let observed = try ObservedInspector.halting()
        let inspector = Inspector(keyring: observed.keyring, executable: observed.program)
        let drawing = try observed.sealed("drawing.png")

        async let held = observed.inspect(drawing, with: inspector)
        let first = try await observed.inspections(count: 1)[0]
        kill(try await observed.server, SIGKILL)
        let finding = await held
        try await Processes.end(of: first)
        async let next = observed.inspect(drawing, with: inspector)
        try await observed.letGoOn(try await observed.inspections(count: 1)[0])

        #expect(finding.reasons.first?.contains("stopped unexpectedly") == true)
        #expect(await next.state == .kept)
    }

    @Test func `a killed inspection holds its own file and no other`() async throws {
        let observed = try ObservedInspector.halting()
        let inspector = Inspector(keyring: observed.keyring, executable: observed.program)
        let drawing = try observed.sealed("drawing.png")
        async let one = observed.inspect(drawing, with: inspector)
        async let two = observed.inspect(drawing, with: inspector)

        let inspections = try await observed.inspections(count: 2)
        kill(inspections[0], SIGKILL)
        try await observed.letGoOn(inspections[1])
        let findings = await [one, two]

        #expect(findings.count { $0.state == .kept } == 1)
        #expect(findings.count { $0.reasons.first?.contains("stopped unexpectedly") == true } == 1)
    }

    @Test func `an inspection that nobody waits for any more is ended`() async throws {
        let observed = try ObservedInspector.halting()
        let inspector = Inspector(keyring: observed.keyring, executable: observed.program, timeLimit: .seconds(600))
        let drawing = try observed.sealed("drawing.png")

        let inspection = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = await observed.inspect(drawing, with: inspector) }
            defer { group.cancelAll() }
            return try await observed.inspections(count: 1)[0]
        }

        try await Processes.end(of: inspection)
    }

    @Test func `an inspection that goes on for ever is killed by the server, whatever its alarms`() async throws {
        let observed = try ObservedInspector.halting()
        let process = try InspectorProcess(
            executable: observed.program, arguments: InspectorArguments(timeLimit: .milliseconds(500), concurrency: 1))

        let answer = try await observed.request(of: process).message()

        #expect(answer.isEmpty)
    }

    @Test func `no more inspections run at once than the server was told`() async throws {
        let observed = try ObservedInspector.halting()
        let process = try InspectorProcess(
            executable: observed.program, arguments: InspectorArguments(timeLimit: .seconds(600), concurrency: 2))
        let answers = try (0..<6).map { _ in try observed.request(of: process) }

        for left in answers.indices.reversed() {
            try await observed.letGoOn(try await observed.inspections(count: left > 0 ? 2 : 1)[0])
        }

        for answer in answers { #expect(await !answer.message().isEmpty) }
        withExtendedLifetime(process) {}
    }

    @Test func `a process takes less memory into use than a photo has bytes`() async throws {
        let observed = try ObservedInspector()
        let inspector = Inspector(keyring: observed.keyring, executable: observed.program)
        let sample = try Samples.bytes("photo.jpg")
        let size = 4_000_000
        let picture = [UInt8](repeating: 0x55, count: size - sample.count)
        let photo = try observed.sealed(sample.dropLast(2) + picture + sample.suffix(2), as: "photo.jpg")

        let finding = await observed.inspect(photo, with: inspector)
        let pages = try await observed.pagesTaken()

        #expect(finding.state == .kept)
        #expect(pages * sysconf(Int32(_SC_PAGESIZE)) < size)
        withExtendedLifetime(inspector) {}
    }

    @Test func `a process that has answered ends without a touch of what was loaded before its fork`() async throws {
        let observed = try ObservedInspector()
        let process = try InspectorProcess(
            executable: observed.program, arguments: InspectorArguments(timeLimit: .seconds(600), concurrency: 1))

        // Not read before the process has ended of itself: it is killed once nobody waits for its answer.
        let answer = try observed.request(of: process)
        let pages = try await observed.pagesTaken()

        #expect(await !answer.message().isEmpty)
        // Each page of libmagic's database and expressions that is freed is copied first: some 550 of them.
        #expect(pages < 500)
        withExtendedLifetime(process) {}
    }

    @Test(.enabled(if: getuid() == 0, "only root can read the memory of the server"))
    func `no key is left in the server's memory`() async throws {
        let observed = try ObservedInspector()
        let inspector = Inspector(keyring: observed.keyring, executable: observed.program)
        let drawing = try observed.sealed("drawing.png")
        let header = try Array(Data(contentsOf: URL(fileURLWithPath: drawing.string)).prefix(SealedHeader.size))
        let key = try FileCipher(header: header, keyring: observed.keyring).dataKey.bytes

        let finding = await observed.inspect(drawing, with: inspector)
        let server = try await observed.server
        // Once the inspection is reaped, the server has long gone on.
        try await Processes.wait { Processes.children(of: server).isEmpty ? () : nil }
        let memory = try Processes.memory(of: server)

        #expect(finding.state == .kept)
        #expect(memory.contains { $0.range(of: Data("LD_BIND_NOW".utf8)) != nil })
        // Memory that is given back loses its beginning anyway.
        #expect(!memory.contains { $0.range(of: Data(key.suffix(16))) != nil })
        withExtendedLifetime(inspector) {}
    }
}

extension ObservedInspector {
    /// The pages of memory that the processes took into use which have looked at files, once one of them is reaped.
    fileprivate func pagesTaken() async throws -> Int {
        let server = try await server
        return try await Processes.wait {
            (try? Processes.pagesTaken(byReapedChildrenOf: server)).flatMap { $0 > 0 ? $0 : nil }
        }
    }

    /// Asks a server for a drawing to be looked at, past all that the daemon sees to.
    fileprivate func request(of process: InspectorProcess) throws -> PendingAnswer {
        let drawing = try sealed("drawing.png")
        let header = try Array(Data(contentsOf: URL(fileURLWithPath: drawing.string)).prefix(SealedHeader.size))
        let file = try FileDescriptor.open(drawing, .readOnly)
        let (ours, theirs) = try FileDescriptor.messageSockets()
        let request = InspectionRequest(dataKey: try FileCipher(header: header, keyring: keyring).dataKey)
        #expect(process.take(request, file: file.rawValue, answer: theirs.rawValue))
        try file.close()
        try theirs.close()
        return PendingAnswer(from: ours)
    }
}
