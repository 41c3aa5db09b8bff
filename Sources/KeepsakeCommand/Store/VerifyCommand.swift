import ArgumentParser
import Artefacts
import FoundationEssentials
import Linking
import Logging
import Preserving
import Storing
import Synchronization
import SystemPackage

/// `keepsake verify`: whether every stored byte is the one that was stored.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Reads every stored file, place and the journal, and says what is damaged.",
        discussion: """
            Authenticates every byte and computes every digest anew, of the stored files, of the records of where \
            they were made, and of the journal, beside a running daemon or without one. Where it was stopped it goes on. Damaged files are marked, and \
            not served until they are whole again. The exit code is 1 if any are left. The daemon does the same by itself, slowly.
            """)

    @OptionGroup var store: StoreOptions

    @OptionGroup var rate: RateOption

    @Option(help: ArgumentHelp("Files read at once.", valueName: "number"))
    var concurrency = 2

    @Option(help: ArgumentHelp("Then heal what is damaged from this backup.", valueName: "dir"))
    var healFrom: String?

    @Flag(help: "Begin anew, also where the last run was stopped.")
    var again = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...64).contains(concurrency) else { throw ValidationError("--concurrency is from 1 to 64.") }
    }

    func run() async throws {
        let store = try StoreBeside(try await Settings(store))
        let check = FixityCheck(
            blobs: store.blobs, catalogue: store.catalogue,
            logger: Logger(label: "keepsake") { _ in SwiftLogNoOpLogHandler() })
        let progress = VerifyProgress()
        let began = ContinuousClock.now
        let result = try await FixityRunner(check: check, catalogue: store.catalogue).run(
            anew: again, pace: rate.pace, concurrency: concurrency,
            onBegin: { progress.begin($0) }, progress: { progress.add($0) })
        progress.end()
        let places = try await PlaceCheck(store.places).run(pace: rate.pace)
        let seconds = began.duration(to: .now) / .seconds(1)
        let healed = try await heal(store)
        let healedPlaces = try await heal(places.damaged, of: store)
        let broken = try await store.catalogue.firstBrokenJournalRecord()
        try show(
            result, places, seconds, isContinued: progress.isContinued, brokenJournalRecord: broken, healed,
            healedPlaces)
        let left = try await store.catalogue.fixity().damaged
        guard left == 0, broken == nil, healedPlaces.count == places.damaged.count else { throw ExitCode.failure }
    }

    private func heal(_ places: [ArtefactID], of store: StoreBeside) async throws -> [ArtefactID] {
        guard let healFrom else { return [] }
        let backup = RecordStore(root: StoreFolders(at: FilePath(healFrom)).records, keyring: store.keyring)
        return try await PlaceCheck(store.places).heal(places, from: PlaceStore(backup))
    }

    private func heal(_ store: StoreBeside) async throws -> [Digest] {
        guard let healFrom else { return [] }
        return try await Healing(
            of: store.folders, blobs: store.blobs, catalogue: store.catalogue,
            from: StoreFolders(at: FilePath(healFrom)), keyring: store.keyring
        ).run()
    }

    private func show(
        _ result: FixityRunner.Result, _ places: PlaceCheck.Result, _ seconds: Double, isContinued: Bool,
        brokenJournalRecord: Int64?, _ healed: [Digest], _ healedPlaces: [ArtefactID]
    ) throws {
        let damaged = result.damaged.map(DamagedAnswer.init)
        if json {
            let document = Document(
                verified: result.verified, bytes: result.bytes, seconds: seconds, continued: isContinued,
                brokenJournalRecord: brokenJournalRecord, healed: healed, damaged: damaged,
                places: places.verified, damagedPlaces: places.damaged, healedPlaces: healedPlaces)
            return Output.lines([try Output.json(document)])
        }
        for damaged in damaged { Output.lines([damaged.line]) }
        for artefact in places.damaged { Output.lines(["damaged  place  of the artefact \(artefact)"]) }
        for digest in healed { Output.lines(["healed  \(digest)"]) }
        for artefact in healedPlaces { Output.lines(["healed  place  of the artefact \(artefact)"]) }
        if let broken = brokenJournalRecord {
            Output.lines(["damaged  journal  record \(broken) does not follow from the one before"])
        }
        let whole = result.verified - result.damaged.count
        let megabytes = Int((Double(result.bytes) / 1e6).rounded())
        Output.lines([
            (isContinued ? "Went on where the last run stopped: " : "")
                + "\(whole) whole, \(result.damaged.count) damaged; \(megabytes) MB in \(Int(seconds.rounded())) s."
                + (places.verified > 0
                    ? " Places: \(places.verified - places.damaged.count) whole, \(places.damaged.count) damaged." : "")
        ])
    }

    private struct Document: Encodable {
        let verified: Int
        let bytes: Int64
        let seconds: Double
        let continued: Bool
        /// The first record of the journal that does not follow from the one before; absent where all do.
        let brokenJournalRecord: Int64?
        let healed: [Digest]
        let damaged: [DamagedAnswer]
        /// Records of where artefacts were made that were read.
        let places: Int
        /// The artefacts for which they are damaged.
        let damagedPlaces: [ArtefactID]
        let healedPlaces: [ArtefactID]
    }
}

/// The bar of a run whose size is known once it has begun.
private final class VerifyProgress: Sendable {
    private struct State {
        var bar: ProgressBar?
        var isContinued = false
    }

    private let state = Mutex(State())

    var isContinued: Bool { state.withLock { $0.isContinued } }

    func begin(_ run: FixityRun) {
        state.withLock { state in
            state.bar = ProgressBar(name: "verify", size: run.remaining)
            state.isContinued = run.isContinued
        }
    }

    func add(_ bytes: Int64) { state.withLock { $0.bar }?.advance(by: bytes) }

    func end() { state.withLock { $0.bar?.end() } }
}
