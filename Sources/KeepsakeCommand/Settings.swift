import Configuration
import DurableFiles
import FoundationEssentials
import Ingesting
import Inspecting
import Logging
import Preserving
import Receiving
import Scanning
import Serving
import Storing
import SystemPackage

/// Everything an operator can decide: options over `KEEPSAKE_…` variables over
/// `Config/keepsake.yaml` over defaults.
struct Settings: Sendable {
    var storage = FilePath("Storage")
    var rootKey = RootKeySource.file(nil)
    var serving = ServingSettings()
    var ingestion = IngestionSettings()
    /// The inspector, where it is not the one beside this program.
    var inspector: FilePath?
    /// The inspector of recordings, where it is not the one beside this program.
    var recordingInspector: FilePath?
    /// The formats policy; `nil`: the one that is built in.
    var policy: FilePath?
    var inspectionTimeLimit: Duration = .seconds(30)
    /// The renderer, where it is not the one beside this program.
    var renderer: FilePath?
    var renderingTimeLimit: Duration = .seconds(1800)
    var clamd = ClamdSettings()
    /// Of local times in files that name no zone.
    var timeZone = TimeZone.unitedKingdom
    var scrub = ScrubSettings()
    var garbageGrace: Duration = .seconds(7 * 24 * 3600)
    var signInLifetime: Duration = .seconds(24 * 3600)
    var logLevel: Logger.Level = .info

    /// Where the configuration is looked for if no option names it.
    static let defaultFile = FilePath("Config/keepsake.yaml")

    /// The inspector's program.
    var inspectorProgram: FilePath { inspector ?? Self.programBesideThis("keepsake-inspector") }

    /// The program of the inspector of recordings.
    var recordingInspectorProgram: FilePath {
        recordingInspector ?? Self.programBesideThis("keepsake-recording-inspector")
    }

    /// The renderer's program.
    var rendererProgram: FilePath { renderer ?? Self.programBesideThis("keepsake-renderer") }

    private static func programBesideThis(_ name: String) -> FilePath {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return FilePath(own).removingLastComponent().appending(name)
    }

    /// Reads the configuration, once, at start.
    ///
    /// - Throws: if a file that was named is not there, or a value does not fit.
    init(_ options: StoreOptions) async throws {
        try await self.init(configuration: options.config)
        if let storage = options.storage { self.storage = FilePath(storage) }
    }

    /// Does the same for a command without a store.
    init(configuration: String?) async throws {
        let named = configuration.map { FilePath($0) }
        try self.init(
            ConfigReader(providers: [
                EnvironmentVariablesProvider().prefixKeys(with: "keepsake"),
                try await FileProvider<YAMLSnapshot>(
                    filePath: named ?? Self.defaultFile, allowMissing: named == nil),
            ]))
        policy = policy ?? Self.policy(beside: named ?? Self.defaultFile)
        if case .file = rootKey, let credential = try Self.systemdCredential() { rootKey = credential }
    }

    /// The policy that lies beside the configuration, if one does.
    private static func policy(beside configuration: FilePath) -> FilePath? {
        let path = configuration.removingLastComponent().appending("formats.yaml")
        return FileManager.default.fileExists(atPath: path.string) ? path : nil
    }

    /// The root key as systemd hands it to the service, if it does.
    ///
    /// Source: systemd.exec(5), LoadCredential=.
    private static func systemdCredential() throws -> RootKeySource? {
        guard let folder = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"] else { return nil }
        let path = FilePath(folder).appending("keepsake-root-key")
        guard let bytes = try DurableFile.read(path) else { return nil }
        return .text(String(decoding: bytes, as: UTF8.self), place: "the systemd credential keepsake-root-key")
    }

    /// What was written, over the defaults.
    init(_ config: ConfigReader) throws(SettingsError) {
        try readStore(config)
        try readServer(config)
        try readUploads(config)
        try readInspection(config)
        try readRendering(config)
        try readScanner(config)
    }

    private mutating func readStore(_ config: ConfigReader) throws(SettingsError) {
        if let text = config.string(forKey: "storage") { storage = FilePath(text) }
        if let text = config.string(forKey: "keys.root", isSecret: true), !text.isEmpty {
            rootKey = .text(text, place: "KEEPSAKE_KEYS_ROOT")
        } else if let text = config.string(forKey: "keys.rootFile"), !text.isEmpty {
            rootKey = .file(FilePath(text))
        }
        let days = try config.number("fixity.everyDays", 30, in: 0...3650)
        scrub.interval = days == 0 ? nil : .seconds(days * 24 * 3600)
        scrub.bytesPerSecond =
            1_000_000
            * Int64(
                try config.number(
                    "fixity.megabytesPerSecond", Int(scrub.bytesPerSecond / 1_000_000), in: 1...100_000))
        garbageGrace = try config.hours("garbage.graceHours", garbageGrace)
        if let text = config.string(forKey: "log.level") {
            guard let level = Logger.Level(rawValue: text) else {
                throw SettingsError(
                    key: "log.level", expected: Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))
            }
            logLevel = level
        }
    }

    private mutating func readServer(_ config: ConfigReader) throws(SettingsError) {
        serving.host = config.string(forKey: "server.host") ?? serving.host
        serving.port = try config.number("server.port", serving.port, in: 0...65_535)
        serving.tls = try Self.tls(
            config.string(forKey: "server.certificate") ?? "", config.string(forKey: "server.privateKey") ?? "")
        serving.publicURL = try Self.publicURL(config.string(forKey: "server.publicURL") ?? "")
        serving.trustsForwarded = try config.choice("server.trustForwarded", serving.trustsForwarded)
        serving.allowedOrigins = try Self.origins(config.string(forKey: "server.allowedOrigins") ?? "")
        serving.idleTimeout = try config.seconds("server.idleSeconds", serving.idleTimeout)
        signInLifetime = try config.hours("signIn.linkHours", signInLifetime)
        serving.sessionLifetime = try config.hours("signIn.sessionHours", serving.sessionLifetime)
    }

    private mutating func readUploads(_ config: ConfigReader) throws(SettingsError) {
        ingestion.maximumSize = Int64(
            try config.number("uploads.maximumSize", Int(ingestion.maximumSize), in: 1...(1 << 50)))
        ingestion.reserve = Int64(
            try config.number("uploads.reserveBytes", Int(ingestion.reserve), in: 0...(1 << 50)))
        ingestion.expiry = try config.hours("uploads.expiryHours", ingestion.expiry)
        serving.minimumRate = try config.number(
            "uploads.minimumBytesPerSecond", serving.minimumRate, in: 0...(1 << 30))
        ingestion.limits.uploadsPerSender = try config.number(
            "uploads.maximumOpenPerSender", ingestion.limits.uploadsPerSender, in: 1...1_000_000)
        ingestion.limits.bytesPerSender = try config.bytes("uploads.maximumBytesPerSender")
        ingestion.limits.bytes = try config.bytes("uploads.maximumBytes")
        ingestion.limits.requests = try config.number(
            "uploads.maximumRequests", ingestion.limits.requests, in: 1...1_000_000)
    }

    private mutating func readInspection(_ config: ConfigReader) throws(SettingsError) {
        if let text = config.string(forKey: "inspection.executable"), !text.isEmpty { inspector = FilePath(text) }
        if let text = config.string(forKey: "inspection.recordingExecutable"), !text.isEmpty {
            recordingInspector = FilePath(text)
        }
        if let text = config.string(forKey: "inspection.policy"), !text.isEmpty { policy = FilePath(text) }
        inspectionTimeLimit = try config.seconds("inspection.timeLimitSeconds", inspectionTimeLimit)
        ingestion.jobs.inspections = try config.number(
            "inspection.concurrency", ingestion.jobs.inspections, in: 1...64)
        if let text = config.string(forKey: "inspection.timeZone") {
            guard let zone = TimeZone(identifier: text) else {
                throw SettingsError(key: "inspection.timeZone", expected: "a time zone such as Europe/London")
            }
            timeZone = zone
        }
    }

    private mutating func readRendering(_ config: ConfigReader) throws(SettingsError) {
        if let text = config.string(forKey: "rendering.executable"), !text.isEmpty { renderer = FilePath(text) }
        renderingTimeLimit = try config.seconds("rendering.timeLimitSeconds", renderingTimeLimit)
        ingestion.jobs.derivations = try config.number(
            "rendering.concurrency", ingestion.jobs.derivations, in: 1...64)
    }

    private mutating func readScanner(_ config: ConfigReader) throws(SettingsError) {
        if let text = config.string(forKey: "scanner.socket"), !text.isEmpty {
            guard text.utf8.count <= ClamdSettings.longestPath else {
                throw SettingsError(
                    key: "scanner.socket", expected: "a path of at most \(ClamdSettings.longestPath) bytes")
            }
            clamd.socket = FilePath(text)
        }
        clamd.timeLimit = try config.seconds("scanner.timeLimitSeconds", clamd.timeLimit)
        clamd.maximumSize = Int64(
            try config.number("scanner.maximumSize", Int(clamd.maximumSize), in: 1...ClamdSettings.largestFile))
    }

    private static func tls(_ certificate: String, _ privateKey: String) throws(SettingsError) -> TLSFiles? {
        if certificate.isEmpty && privateKey.isEmpty { return nil }
        guard !certificate.isEmpty, !privateKey.isEmpty else {
            throw SettingsError(key: "server.certificate", expected: "given together with “server.privateKey”")
        }
        return TLSFiles(certificate: certificate, privateKey: privateKey)
    }

    /// Origins with commas between.
    private static func origins(_ text: String) throws(SettingsError) -> Set<String> {
        var origins: Set<String> = []
        for origin in text.split(separator: ",").map({ String($0).filter { $0 != " " } }) {
            let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 3, ["http:", "https:"].contains(parts[0]), !parts[2].isEmpty else {
                throw SettingsError(
                    key: "server.allowedOrigins", expected: "origins such as https://case.example, with commas between")
            }
            origins.insert(origin)
        }
        return origins
    }

    private static func publicURL(_ text: String) throws(SettingsError) -> String? {
        guard !text.isEmpty else { return nil }
        guard text.hasPrefix("https://") || text.hasPrefix("http://") else {
            throw SettingsError(key: "server.publicURL", expected: "an address that begins with https:// or http://")
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}

/// A value of the configuration that does not fit.
struct SettingsError: Error, CustomStringConvertible {
    let key: String
    let expected: String

    var description: String { "The setting “\(key)” must be \(expected)." }
}
