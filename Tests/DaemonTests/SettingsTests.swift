import Configuration
import Ingesting
import Logging
import Serving
import Storing
import SystemPackage
import TestSupport
import Testing

@testable import KeepsakeCommand

@Suite(.serialized) struct SettingsTests {
    @Test func `the configuration file holds the defaults that are in the code`() async throws {
        let file = Samples.folder.removingLastComponent().removingLastComponent()
            .appending("Config").appending("keepsake.yaml")

        let written = try Settings(ConfigReader(provider: try await FileProvider<YAMLSnapshot>(filePath: file)))
        let coded = try Settings(ConfigReader(provider: InMemoryProvider(values: [:])))

        #expect(String(reflecting: written) == String(reflecting: coded))
    }

    @Test func `every key of the configuration file is read`() throws {
        let values: [AbsoluteConfigKey: ConfigValue] = [
            "storage": "/data", "server.host": "::", "server.port": "1", "server.publicURL": "https://k.example/",
            "uploads.maximumSize": "2", "uploads.expiryHours": "3", "uploads.reserveBytes": "4",
            "inspection.timeLimitSeconds": "5", "inspection.concurrency": "6", "inspection.executable": "/inspector",
            "keys.rootFile": "/root.key", "signIn.linkHours": "7", "signIn.sessionHours": "8", "log.level": "error",
        ]

        let settings = try Settings(ConfigReader(provider: InMemoryProvider(values: values)))

        #expect(settings.storage == "/data")
        #expect(settings.rootKey == .file("/root.key"))
        #expect(settings.serving.host == "::")
        #expect(settings.serving.port == 1)
        #expect(settings.serving.publicURL == "https://k.example")
        #expect(settings.ingestion.maximumSize == 2)
        #expect(settings.ingestion.expiry == .seconds(3 * 3600))
        #expect(settings.ingestion.reserve == 4)
        #expect(settings.inspectionTimeLimit == .seconds(5))
        #expect(settings.inspectionConcurrency == 6)
        #expect(settings.inspector == "/inspector")
        #expect(settings.signInLifetime == .seconds(7 * 3600))
        #expect(settings.serving.sessionLifetime == .seconds(8 * 3600))
        #expect(settings.logLevel == .error)
    }

    @Test(arguments: [
        ("server.port", "65536"), ("server.port", "http"), ("uploads.maximumSize", "0"), ("log.level", "loud"),
        ("server.publicURL", "keepsake.example"), ("signIn.linkHours", "-1"),
    ])
    func `a value that does not fit is named`(_ key: String, _ value: String) {
        let error = #expect(throws: SettingsError.self) {
            try Settings(
                ConfigReader(
                    provider: InMemoryProvider(values: [
                        AbsoluteConfigKey(ConfigKey(key)): ConfigValue(.string(value), isSecret: false)
                    ])))
        }

        #expect(error?.description.contains(key) == true)
    }
}
