import Configuration
import DurableFiles
import FoundationEssentials
import Ingesting
import Logging
import Preserving
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
    /// The inspector's program; `nil`: the one beside this program.
    var inspector: FilePath?
    var inspectionTimeLimit: Duration = .seconds(30)
    var inspectionConcurrency = 2
    var scrub = ScrubSettings()
    var garbageGrace: Duration = .seconds(7 * 24 * 3600)
    var signInLifetime: Duration = .seconds(24 * 3600)
    var logLevel: Logger.Level = .info

    /// Where the configuration is looked for if no option names it.
    static let defaultFile = FilePath("Config/keepsake.yaml")

    /// Reads the configuration, once, at start.
    ///
    /// - Throws: if a file that was named is not there, or a value does not fit.
    init(_ options: StoreOptions) async throws {
        let named = options.config.map { FilePath($0) }
        try self.init(
            ConfigReader(providers: [
                EnvironmentVariablesProvider().prefixKeys(with: "keepsake"),
                try await FileProvider<YAMLSnapshot>(
                    filePath: named ?? Self.defaultFile, allowMissing: named == nil),
            ]))
        if let storage = options.storage { self.storage = FilePath(storage) }
        if case .file = rootKey, let credential = try Self.systemdCredential() { rootKey = credential }
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
        if let text = config.string(forKey: "storage") { storage = FilePath(text) }
        if let text = config.string(forKey: "keys.root", isSecret: true), !text.isEmpty {
            rootKey = .text(text, place: "KEEPSAKE_KEYS_ROOT")
        } else if let text = config.string(forKey: "keys.rootFile"), !text.isEmpty {
            rootKey = .file(FilePath(text))
        }
        serving.host = config.string(forKey: "server.host") ?? serving.host
        serving.port = try Self.number(config, "server.port", serving.port, in: 0...65_535)
        serving.publicURL = try Self.publicURL(config.string(forKey: "server.publicURL") ?? "")
        ingestion.maximumSize = Int64(
            try Self.number(config, "uploads.maximumSize", Int(ingestion.maximumSize), in: 1...(1 << 50)))
        ingestion.reserve = Int64(
            try Self.number(config, "uploads.reserveBytes", Int(ingestion.reserve), in: 0...(1 << 50)))
        ingestion.expiry = try Self.hours(config, "uploads.expiryHours", ingestion.expiry)
        if let text = config.string(forKey: "inspection.executable"), !text.isEmpty { inspector = FilePath(text) }
        inspectionTimeLimit = .seconds(
            try Self.number(
                config, "inspection.timeLimitSeconds", Int(inspectionTimeLimit.components.seconds), in: 1...3600))
        inspectionConcurrency = try Self.number(config, "inspection.concurrency", inspectionConcurrency, in: 1...64)
        let days = try Self.number(config, "fixity.everyDays", 30, in: 0...3650)
        scrub.interval = days == 0 ? nil : .seconds(days * 24 * 3600)
        scrub.bytesPerSecond =
            1_000_000
            * Int64(
                try Self.number(
                    config, "fixity.megabytesPerSecond", Int(scrub.bytesPerSecond / 1_000_000), in: 1...100_000))
        garbageGrace = try Self.hours(config, "garbage.graceHours", garbageGrace)
        signInLifetime = try Self.hours(config, "signIn.linkHours", signInLifetime)
        serving.sessionLifetime = try Self.hours(config, "signIn.sessionHours", serving.sessionLifetime)
        if let text = config.string(forKey: "log.level") {
            guard let level = Logger.Level(rawValue: text) else {
                throw SettingsError(
                    key: "log.level", expected: Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))
            }
            logLevel = level
        }
    }

    private static func number(
        _ config: ConfigReader, _ key: ConfigKey, _ fallback: Int, in range: ClosedRange<Int>
    ) throws(SettingsError) -> Int {
        guard let text = config.string(forKey: key) ?? config.int(forKey: key).map(String.init) else { return fallback }
        guard let number = Int(text), range.contains(number) else {
            throw SettingsError(
                key: key.description, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func hours(
        _ config: ConfigReader, _ key: ConfigKey, _ fallback: Duration
    ) throws(SettingsError) -> Duration {
        .seconds(3600 * (try number(config, key, Int(fallback.components.seconds / 3600), in: 1...87_600)))
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
