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
            They come from requests that died before anything was acknowledged; so do the places of artefacts that \
            there are not. Nothing that an artefact, held or kept, or an upload refers to is ever removed. The \
            daemon does this once a day by itself; the command needs it to be stopped, but for --dry-run.
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
            blobs: store.blobs, places: store.places, gate: BlobGate(), uploads: store.uploads,
            catalogue: store.catalogue)
        let grace = graceHours.map { Duration.seconds($0 * 3600) } ?? settings.garbageGrace
        let instant = Date().addingTimeInterval(-TimeInterval(grace.components.seconds))
        let garbage = try await collection.sweep(storedBefore: instant, dryRun: dryRun)
        withExtendedLifetime(lock) {}
        try show(garbage)
    }

    private func show(_ garbage: GarbageCollection.Garbage) throws {
        let bytes = garbage.blobs.reduce(0) { $0 + $1.storedSize }
        if json {
            struct Document: Encodable {
                let dryRun: Bool
                let blobs: [Digest]
                let bytes: Int64
                /// Artefacts that there are not, and whose places were kept.
                let places: [ArtefactID]
            }
            let document = Document(
                dryRun: dryRun, blobs: garbage.blobs.map(\.digest), bytes: bytes, places: garbage.places)
            return Output.lines([try Output.json(document)])
        }
        for blob in garbage.blobs { Output.lines(["\(blob.digest)  \(blob.storedSize) bytes"]) }
        for artefact in garbage.places { Output.lines(["place of the artefact \(artefact), which there is not"]) }
        let verb = dryRun ? "would be removed" : "removed"
        Output.lines([
            "\(garbage.blobs.count) files that nothing refers to, \(bytes) bytes, \(verb)."
                + (garbage.places.isEmpty ? "" : " Places of no artefact: \(garbage.places.count).")
        ])
    }
}
