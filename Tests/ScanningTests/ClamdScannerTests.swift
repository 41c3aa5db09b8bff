import Artefacts
import Conformance
import Scanning
import Sealing
import SystemPackage
import TestSupport
import Testing

/// Of the real clamd, which knows one signature.
@Suite struct ClamdScannerTests {
    private let folder: TemporaryDirectory
    private let keyring = Keyring.forTests()

    init() throws { folder = try TemporaryDirectory() }

    @Test(.timeLimit(.minutes(5)), arguments: ScannerConformance.promises + ScannerConformance.discoveries)
    func keeps(_ promise: Promise<ScannerConformance.Subject>) async throws {
        let clamd = try await ClamDaemon(in: folder.path)

        try await promise.check(
            ScannerConformance.Subject(in: folder) {
                ClamdScanner(socket: clamd.socket, settings: ClamdSettings(), keyring: $0)
            })
        withExtendedLifetime(clamd) {}
    }

    @Test(arguments: ScannerConformance.promises)
    func `no scanner keeps`(_ promise: Promise<ScannerConformance.Subject>) async throws {
        try await promise.check(ScannerConformance.Subject(in: folder) { _ in NoScanner() })
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            ["StreamMaxLength 1M"], ["MaxFileSize 1M"], ["StreamMaxLength 1M", "AlertExceedsMax no"],
        ])
    func `a file that is larger than clamd takes is not called clean`(_ settings: [String]) async throws {
        let clamd = try await ClamDaemon(in: folder.path, settings: settings)

        let result = await scan([UInt8](repeating: 7, count: 3 << 20), at: clamd.socket)

        #expect(result == .notScanned(.tooLarge))
        withExtendedLifetime(clamd) {}
    }

    @Test func `a file that is larger than the setting is not handed over`() async throws {
        let nobody = folder.path.appending("nobody")

        let (larger, smaller) = (
            await scan([1, 2, 3, 4], at: nobody, maximumSize: 3), await scan([1, 2, 3], at: nobody, maximumSize: 3)
        )

        #expect(larger == .notScanned(.tooLarge))
        #expect(smaller == .notScanned(.unreachable))
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            ("", .stopped), ("stream: OK", .nonsense), ("stream: OK\n\0", .nonsense), ("\0", .nonsense),
            ("stream: FOUND\0", .nonsense), ("stream:  FOUND\0", .nonsense), ("OK\0", .nonsense),
            ("stream: Caf\u{E9} FOUND\0", .nonsense), ("UNKNOWN COMMAND\0", .nonsense),
            ("stream: Can't allocate memory ERROR\0", .stopped), ("INSTREAM size limit exceeded. ERROR\0", .tooLarge),
            ("stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND\0", .tooLarge),
            (String(repeating: "x", count: 100_000), .nonsense),
        ] as [(String, ScanFailure)])
    func `an answer that is none lets nothing through`(_ answer: String, _ failure: ScanFailure) async throws {
        let socket = try ScriptedSocket(in: folder.path, .answer(Array(answer.utf8)))

        let result = await scan(Array("hello".utf8), at: socket.path)

        #expect(result == .notScanned(failure))
    }

    @Test func `OK from one who has not seen the whole file lets nothing through`() async throws {
        let socket = try ScriptedSocket(in: folder.path, .answerAtOnce(Array("stream: OK\0".utf8)))

        let result = await scan([UInt8](repeating: 7, count: 4 << 20), at: socket.path)

        #expect(result == .notScanned(.stopped))
    }

    @Test(.timeLimit(.minutes(5)), arguments: [ScriptedSocket.Script.silence, .listen])
    func `a conversation ends when its time is over`(_ script: ScriptedSocket.Script) async throws {
        let socket = try ScriptedSocket(in: folder.path, script)

        let result = await scan([UInt8](repeating: 7, count: 4 << 20), at: socket.path, timeLimit: .milliseconds(300))

        #expect(result == .notScanned(.timedOut))
    }

    @Test(.timeLimit(.minutes(5)), arguments: [ScriptedSocket.Script.silence, .listen])
    func `a conversation that nobody wants any more ends long before`(_ script: ScriptedSocket.Script) async throws {
        let socket = try ScriptedSocket(in: folder.path, script)

        let result = await withTaskGroup(of: ScanResult?.self) { group in
            group.addTask { await scan([7], at: socket.path, timeLimit: .seconds(3600)) }
            group.addTask {
                try? await Task.sleep(for: .milliseconds(200))
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return await (first, group.next() ?? nil).1
        }

        #expect(result == .notScanned(.stopped))
    }

    private func scan(
        _ plain: [UInt8], at socket: FilePath, maximumSize: Int64 = 25 << 20, timeLimit: Duration = .seconds(30)
    ) async -> ScanResult {
        var settings = ClamdSettings()
        settings.maximumSize = maximumSize
        settings.timeLimit = timeLimit
        guard let file = try? folder.sealed("sealed", plain, with: keyring) else { return .notScanned(.unreadable) }
        return await ClamdScanner(socket: socket, settings: settings, keyring: keyring).scan(file)
    }
}
