import Artefacts
import CLinux
import CoreMetrics
import DurableFiles
import FoundationEssentials
import Ingesting
import Inspecting
import Linking
import Logging
import Preserving
import Receiving
import Scanning
import Sealing
import ServiceLifecycle
import Serving
import Storing
import SystemPackage
import UnixSignals

/// The running daemon: everything wired together.
struct Daemon {
    let settings: Settings

    /// How long requests that are running may take to end once the daemon is told to stop.
    private static let shutdownTime: Duration = .seconds(20)

    /// Runs until the daemon is told to stop.
    func run() async throws {
        Self.keepFreedMemory()
        ks_raise_open_files()
        let logger = logger
        let meters = MeterBook()
        MetricsSystem.bootstrap(meters)

        let policy = try CurrentPolicy(settings)
        logger.info("formats policy", metadata: ["file": "\(settings.policy?.string ?? "built in")"])
        let root = try StorageRoot(daemonAt: settings.storage, rootKey: settings.rootKey)
        for file in SQLiteCatalogue.files(at: root.folders.index.string) {
            try OpenFile(reading: FilePath(file))?.forgetCached()
        }
        let catalogue = try SQLiteCatalogue(path: root.folders.index.string)
        let uploads = try DirectoryUploadStore(root: root.folders.uploads, keyring: root.keyring)
        let rush = Rush()
        let blobs = try DirectoryBlobStore(
            root: root.folders.blobs, keyring: root.keyring, gathers: { rush.isOn() })
        let records = RecordStore(root: root.folders.records, keyring: root.keyring)
        let inspector = Inspector(
            executable: settings.inspectorProgram, recordings: settings.recordingInspectorProgram,
            keyring: root.keyring, policy: policy,
            timeLimit: settings.inspectionTimeLimit, concurrency: settings.ingestion.jobs.inspections,
            zone: settings.timeZone)
        let renderer = Renderer(
            executable: settings.rendererProgram, keyring: root.keyring,
            timeLimit: settings.renderingTimeLimit, concurrency: settings.ingestion.jobs.derivations * 2)
        await inspector.start()
        await renderer.start()
        let gate = BlobGate()
        let places = PlaceStore(records)
        let ingestion = Ingestion(
            uploads: uploads, blobs: blobs, places: places, gate: gate, catalogue: catalogue,
            inspector: inspector, renderer: renderer, scanner: scanner(root.keyring), settings: settings.ingestion,
            rush: rush, logger: logger)
        let fixity = FixityCheck(blobs: blobs, catalogue: catalogue, logger: logger)
        let garbage = GarbageCollection(
            blobs: blobs, places: places, gate: gate, uploads: uploads, catalogue: catalogue)

        let recovery = try await ingestion.recover()
        if recovery != Recovery() {
            logger.notice(
                "put in order what the last stop left half done",
                metadata: [
                    "finished": "\(recovery.finished)", "stuck": "\(recovery.stuck)",
                    "waiting": "\(recovery.waiting)", "expired": "\(recovery.expired)", "swept": "\(recovery.swept)",
                ])
        }

        let welcome = Welcome(root: root, settings: settings)
        let server = try Server(
            ingestion: ingestion, uploads: uploads, blobs: blobs, fixity: fixity, catalogue: catalogue,
            meters: meters, settings: settings.serving, logger: logger,
            onListening: { port in await welcome.show(port: port, catalogue: catalogue, logger: logger) })
        var configuration = ServiceGroupConfiguration(
            services: [
                ingestion.jobs, ExpirySweep(of: ingestion), IndexWatch(catalogue: catalogue, logger: logger),
                PolicyWatch(policy: policy, logger: logger),
                Scrub(check: fixity, catalogue: catalogue, settings: settings.scrub, logger: logger),
                RecordKeeper(catalogue: catalogue, records: records, logger: logger, isBusy: { rush.isOn() }),
                BlobPlacing(blobs, logger: logger, isBusy: { rush.isOn() }),
                GarbageSweep(garbage, grace: settings.garbageGrace, logger: logger), server,
            ],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = Self.shutdownTime
        try await ServiceGroup(configuration: configuration).run()
        withExtendedLifetime(root) {}
    }

    private func scanner(_ keyring: Keyring) -> any Scanner {
        settings.clamd.socket.map { ClamdScanner(socket: $0, settings: settings.clamd, keyring: keyring) }
            ?? NoScanner()
    }

    /// Lets buffers of a megabyte come from what was freed before: given back to
    /// the system and taken again, each costs more in page faults than in AES.
    private static func keepFreedMemory() { ks_keep_freed_memory(8 << 20, 16 << 20) }

    private var logger: Logger {
        var logger = Logger(label: "keepsake") { StandardErrorLog(label: $0) }
        logger.logLevel = settings.logLevel
        return logger
    }
}
