import Configuration
import FoundationEssentials
import Ingesting
import Logging
import Receiving
import Scanning
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
            "server.trustForwarded": "true", "server.allowedOrigins": "https://a.example, http://b.example:81",
            "server.idleSeconds": "9", "server.certificate": "/c.pem", "server.privateKey": "/k.pem",
            "uploads.minimumBytesPerSecond": "10", "uploads.maximumOpenPerSender": "11",
            "uploads.maximumBytesPerSender": "12", "uploads.maximumBytes": "13", "uploads.maximumRequests": "14",
            "inspection.timeLimitSeconds": "5", "inspection.concurrency": "6", "inspection.executable": "/inspector",
            "inspection.recordingExecutable": "/recordings", "inspection.policy": "/formats.yaml",
            "scanner.socket": "/clamd", "scanner.timeLimitSeconds": "15", "scanner.maximumSize": "16",
            "rendering.timeLimitSeconds": "15", "rendering.concurrency": "16", "rendering.executable": "/renderer",
            "inspection.timeZone": "Asia/Kolkata",
            "keys.rootFile": "/root.key", "signIn.linkHours": "7", "signIn.sessionHours": "8", "log.level": "error",
        ]

        let settings = try Settings(ConfigReader(provider: InMemoryProvider(values: values)))

        #expect(settings.storage == "/data")
        #expect(settings.rootKey == .file("/root.key"))
        #expect(settings.serving.host == "::")
        #expect(settings.serving.port == 1)
        #expect(settings.serving.publicURL == "https://k.example")
        #expect(settings.serving.trustsForwarded)
        #expect(settings.serving.allowedOrigins == ["https://a.example", "http://b.example:81"])
        #expect(settings.serving.idleTimeout == .seconds(9))
        #expect(settings.serving.tls == TLSFiles(certificate: "/c.pem", privateKey: "/k.pem"))
        #expect(settings.serving.minimumRate == 10)
        #expect(settings.ingestion.limits.uploadsPerSender == 11)
        #expect(settings.ingestion.limits.bytesPerSender == 12)
        #expect(settings.ingestion.limits.bytes == 13)
        #expect(settings.ingestion.limits.requests == 14)
        #expect(settings.ingestion.maximumSize == 2)
        #expect(settings.ingestion.expiry == .seconds(3 * 3600))
        #expect(settings.ingestion.reserve == 4)
        #expect(settings.inspectionTimeLimit == .seconds(5))
        #expect(settings.ingestion.jobs.inspections == 6)
        #expect(settings.inspector == "/inspector")
        #expect(settings.recordingInspector == "/recordings")
        #expect(settings.policy == "/formats.yaml")
        #expect(settings.clamd.socket == "/clamd")
        #expect(settings.clamd.timeLimit == .seconds(15))
        #expect(settings.clamd.maximumSize == 16)
        #expect(settings.renderingTimeLimit == .seconds(15))
        #expect(settings.ingestion.jobs.derivations == 16)
        #expect(settings.renderer == "/renderer")
        #expect(settings.timeZone.identifier == "Asia/Kolkata")
        #expect(settings.signInLifetime == .seconds(7 * 3600))
        #expect(settings.serving.sessionLifetime == .seconds(8 * 3600))
        #expect(settings.logLevel == .error)
    }

    @Test(arguments: [
        ("server.port", "65536"), ("server.port", "http"), ("uploads.maximumSize", "0"), ("log.level", "loud"),
        ("server.publicURL", "keepsake.example"), ("server.allowedOrigins", "https://a.example/path"),
        ("server.certificate", "/only-one.pem"), ("server.trustForwarded", "perhaps"), ("uploads.maximumBytes", "-1"),
        ("signIn.linkHours", "-1"), ("scanner.socket", "/" + String(repeating: "x", count: 107)),
        ("scanner.maximumSize", "2147483648"), ("inspection.timeZone", "Europe/Camelot"),
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
