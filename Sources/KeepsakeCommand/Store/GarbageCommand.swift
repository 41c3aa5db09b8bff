import ArgumentParser
import Artefacts
import FoundationEssentials
import Linking
import Preserving
import Storing

/// `keepsake gc`: removes stored files that nothing refers to.
struct GarbageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Removes stored files that nothing refers to.",
        discussion: """
            They come from requests that died before anything was acknowledged. Nothing that an artefact, held \
            or kept, or an upload refers to is ever removed. The daemon does this once a day by itself; the \
            command needs it to be stopped, but for --dry-run.
            """)

    @OptionGroup var store: StoreOptions

    @Option(
        help: ArgumentHelp("Only what nothing has referred to for so long; 168 unless configured.", valueName: "hours"))
    var graceHours: Int?

    @Flag(help: "Only say what would be removed.")
    var dryRun = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if let graceHours, graceHours < 0 { throw ValidationError("--grace-hours is not negative.") }
    }

    func run() async throws {
        let settings = try await Settings(store)
        try StorageRoot.expect(at: settings.storage)
        let lock = dryRun ? nil : try StorageRoot(daemonAt: settings.storage, rootKey: settings.rootKey)
        let store = try StoreBeside(settings)
        let collection = GarbageCollection(
            blobs: store.blobs, gate: BlobGate(), uploads: store.uploads, catalogue: store.catalogue)
        let grace = graceHours.map { Duration.seconds($0 * 3600) } ?? settings.garbageGrace
        let instant = Date().addingTimeInterval(-TimeInterval(grace.components.seconds))
        var collected: [BlobListing] = []
        for candidate in try await collection.candidates(storedBefore: instant) {
            let isGone = dryRun ? true : try await collection.collect(candidate)
            if isGone { collected.append(candidate) }
        }
        withExtendedLifetime(lock) {}
        try show(collected)
    }

    private func show(_ collected: [BlobListing]) throws {
        let bytes = collected.reduce(0) { $0 + $1.storedSize }
        if json {
            struct Document: Encodable {
                let dryRun: Bool
                let blobs: [Digest]
                let bytes: Int64
            }
            return Output.lines([
                try Output.json(Document(dryRun: dryRun, blobs: collected.map(\.digest), bytes: bytes))
            ])
        }
        for blob in collected { Output.lines(["\(blob.digest)  \(blob.storedSize) bytes"]) }
        let verb = dryRun ? "would be removed" : "removed"
        Output.lines(["\(collected.count) files that nothing refers to, \(bytes) bytes, \(verb)."])
    }
}
