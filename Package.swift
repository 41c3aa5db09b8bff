// swift-tools-version: 6.2
import PackageDescription

/// What every target of ours is compiled with.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTP2: Target.Dependency = .product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1: Target.Dependency = .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let nioHTTPTypesHTTP2: Target.Dependency = .product(name: "NIOHTTPTypesHTTP2", package: "swift-nio-extras")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let serviceLifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let structuredFields: Target.Dependency = .product(
    name: "RawStructuredFieldValues", package: "swift-http-structured-headers")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

let package = Package(
    name: "keepsake",
    products: [
        .executable(name: "keepsake", targets: ["KeepsakeCommand"]),
        .executable(name: "keepsake-inspector", targets: ["InspectorCommand"]),
        .executable(name: "keepsake-recording-inspector", targets: ["RecordingInspectorCommand"]),
        .executable(name: "keepsake-renderer", targets: ["RendererCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-http-structured-headers", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0",
            traits: [.defaults, "YAML"]),
        // The version that swift-configuration reads its files with.
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        // What Swift's packages do not have of libcrypto and zlib, or have only with copies.
        .systemLibrary(
            name: "CHashing", pkgConfig: "libcrypto zlib", providers: [.apt(["libssl-dev", "zlib1g-dev"])]),
        // Values that every stage shares.
        .target(name: "Artefacts", dependencies: ["CHashing"], swiftSettings: strict),
        // How every file of the store is sealed and opened, without I/O.
        .target(name: "Sealing", dependencies: ["Artefacts", "CHashing", crypto], swiftSettings: strict),
        .target(name: "InspectionWire", dependencies: ["Artefacts", "CLinux", "Sealing"], swiftSettings: strict),
        .target(
            name: "DurableFiles", dependencies: ["CLinux", metrics, nioCore, nioPosix, system], swiftSettings: strict),

        // The stages. None imports another.
        .target(
            name: "Receiving",
            dependencies: ["Artefacts", "CHashing", "DurableFiles", "Sealing", crypto, nioCore, system],
            swiftSettings: strict),
        .target(
            name: "Inspecting",
            dependencies: ["Artefacts", "CLinux", "DurableFiles", "InspectionWire", "Sealing", system, yams],
            // A link to Config/formats.yaml: the policy that is in force where there is no other.
            resources: [.embedInCode("Policy/formats.yaml")],
            swiftSettings: strict),
        .target(
            name: "Scanning",
            dependencies: ["Artefacts", "CLinux", "DurableFiles", "Sealing", nioPosix, system], swiftSettings: strict),
        .target(
            name: "Storing", dependencies: ["Artefacts", "DurableFiles", "Sealing", nioCore, system],
            swiftSettings: strict),
        .target(name: "Linking", dependencies: ["Artefacts", "CLinux", grdb, sqlite], swiftSettings: strict),
        .target(
            name: "Preserving",
            dependencies: [
                "Artefacts", "DurableFiles", "Sealing", "Receiving", "Storing", "Linking", logging, nioCore,
                serviceLifecycle, system,
            ],
            swiftSettings: strict),
        .target(
            name: "Ingesting",
            dependencies: [
                "Artefacts", "DurableFiles", "Receiving", "Inspecting", "InspectionWire", "Scanning", "Storing",
                "Linking",
                logging,
                metrics, nioCore, serviceLifecycle, system,
            ],
            swiftSettings: strict),
        .target(
            name: "Serving",
            dependencies: [
                "Artefacts", "Receiving", "Storing", "Linking", "Preserving", "Ingesting", hummingbird, hummingbirdCore,
                httpTypes, logging, metrics, mustache, nioCore, nioHTTP1, nioHTTP2, nioHTTPTypes, nioHTTPTypesHTTP1,
                nioHTTPTypesHTTP2, nioPosix, nioSSL, serviceLifecycle, structuredFields,
            ],
            resources: [.copy("Resources/Templates"), .copy("Resources/Assets")],
            swiftSettings: strict),
        .target(
            name: "Exporting",
            dependencies: ["Artefacts", "DurableFiles", "Storing", "Linking", nioCore, system],
            swiftSettings: strict),
        .executableTarget(
            name: "KeepsakeCommand",
            dependencies: [
                "Artefacts", "CLinux", "DurableFiles", "InspectionWire", "Sealing", "Receiving", "Inspecting",
                "Scanning",
                "Storing", "Linking", "Preserving", "Exporting", "Ingesting", "Serving", argumentParser,
                asyncHTTPClient, configuration,
                logging, metrics, nioCore, nioHTTP1, serviceLifecycle, system, unixSignals,
            ],
            swiftSettings: strict),

        // The workers, the only programs that parse untrusted bytes.
        .target(name: "Reading", dependencies: ["Artefacts", "Sealing"], swiftSettings: strict),
        .systemLibrary(name: "CMagic", pkgConfig: "libmagic", providers: [.apt(["libmagic-dev"])]),
        .systemLibrary(name: "CXML", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(
            name: "CLibAV", pkgConfig: "libavformat libavcodec libavutil",
            providers: [.apt(["libavformat-dev", "libavcodec-dev", "libavutil-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .target(name: "Sandboxing", dependencies: ["CLinux", "CSeccomp"], swiftSettings: strict),
        .target(
            name: "Probing",
            dependencies: ["Artefacts", "CHashing", "InspectionWire", "Reading", "Sealing", "CMagic", "CXML"],
            swiftSettings: strict),
        // What opens recordings: only programs that do so import it, for its libraries cost every fork.
        .target(name: "Playing", dependencies: ["CLibAV", "Probing", "Reading"], swiftSettings: strict),
        .target(
            name: "ForkServing", dependencies: ["CLinux", "InspectionWire", "Sandboxing", "Sealing"],
            swiftSettings: strict),
        .target(
            name: "FileInspecting",
            dependencies: ["ForkServing", "InspectionWire", "Probing", "Reading", "Sealing"], swiftSettings: strict),
        .executableTarget(
            name: "InspectorCommand", dependencies: ["FileInspecting", "ForkServing", "Sandboxing"],
            swiftSettings: strict),
        .executableTarget(
            name: "RecordingInspectorCommand",
            dependencies: ["FileInspecting", "ForkServing", "Playing", "Sandboxing"], swiftSettings: strict),
        .systemLibrary(name: "CVips", pkgConfig: "vips", providers: [.apt(["libvips-dev"])]),
        .systemLibrary(name: "CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"])]),
        .systemLibrary(name: "CPoppler", pkgConfig: "poppler-glib cairo", providers: [.apt(["libpoppler-glib-dev"])]),
        .systemLibrary(
            name: "CTranscoding", pkgConfig: "libavfilter libavformat libavcodec libavutil",
            providers: [.apt(["libavfilter-dev", "libavformat-dev", "libavcodec-dev", "libavutil-dev"])]),
        .target(
            name: "Rendering",
            dependencies: [
                "Artefacts", "CLinux", "CPoppler", "CTranscoding", "CVips", "CWebP", "InspectionWire", "Reading",
                "Stripping", "TextExtracting",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "RendererCommand",
            dependencies: [
                "CLinux", "ForkServing", "InspectionWire", "Reading", "Rendering", "Sandboxing", "Sealing",
            ],
            swiftSettings: strict),

        // What the renderer makes beside pictures: copies without a place, and text.
        .target(name: "Stripping", dependencies: ["Artefacts", "CHashing", "Reading"], swiftSettings: strict),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .target(
            name: "TextExtracting",
            dependencies: ["Artefacts", "Reading", "CPoppler", "CXML", "CZip"], swiftSettings: strict),

        // The tests: promises that every implementation keeps, and then each module.
        .target(
            name: "TestSupport",
            dependencies: ["Artefacts", "CLinux", "Reading", "Sealing", asyncHTTPClient, nioCore, nioHTTP1, system],
            path: "Tests/TestSupport", swiftSettings: strict),
        .target(
            name: "Conformance",
            dependencies: [
                "Artefacts", "DurableFiles", "Linking", "Receiving", "Scanning", "Sealing", "Storing", "TestSupport",
                nioCore, system,
            ],
            path: "Tests/Conformance", swiftSettings: strict),
        .executableTarget(
            name: "ConfinementProbe", dependencies: ["CLinux", "Sandboxing"], path: "Tests/ConfinementProbe",
            swiftSettings: strict),
        .testTarget(
            name: "SandboxingTests", dependencies: ["ConfinementProbe", "Sandboxing", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "StrippingTests",
            dependencies: [
                "Artefacts", "InspectionWire", "Playing", "Probing", "Reading", "Sealing", "Stripping", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TextExtractingTests",
            dependencies: ["Artefacts", "Inspecting", "Reading", "Sealing", "TestSupport", "TextExtracting"],
            swiftSettings: strict),
        .testTarget(name: "ArtefactsTests", dependencies: ["Artefacts"], swiftSettings: strict),
        .testTarget(name: "SealingTests", dependencies: ["Artefacts", "Sealing"], swiftSettings: strict),
        .testTarget(
            name: "StoringTests",
            dependencies: ["Artefacts", "Conformance", "DurableFiles", "Sealing", "Storing", "TestSupport", system],
            swiftSettings: strict),
        .testTarget(
            name: "ReceivingTests",
            dependencies: ["Artefacts", "Conformance", "Receiving", "Sealing", "TestSupport", nioCore, system],
            swiftSettings: strict),
        .testTarget(
            name: "ScanningTests",
            dependencies: ["Artefacts", "Conformance", "Scanning", "Sealing", "TestSupport", system],
            swiftSettings: strict),
        .testTarget(
            name: "LinkingTests", dependencies: ["Artefacts", "Conformance", "Linking", "TestSupport", grdb, system],
            swiftSettings: strict),
        .testTarget(
            name: "PreservingTests",
            dependencies: [
                "Artefacts", "Conformance", "Linking", "Preserving", "Receiving", "Sealing", "Storing", "TestSupport",
                logging, nioCore, system,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "ConfinedFuzz",
            dependencies: ["Artefacts", "CLinux", "Inspecting", "InspectionWire", "Sealing", argumentParser, system],
            path: "Tests/Fuzz", exclude: ["README.md"], swiftSettings: strict),
        .testTarget(
            name: "ProbingTests",
            dependencies: [
                "Artefacts", "InspectionWire", "Playing", "Probing", "Reading", "Sealing", "TestSupport", system,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "InspectingTests",
            dependencies: [
                "Artefacts", "CLinux", "Inspecting", "InspectionWire", "InspectorCommand", "RecordingInspectorCommand",
                "RendererCommand", "Sealing", "TestSupport", system,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "RenderingTests",
            dependencies: ["Artefacts", "InspectionWire", "Playing", "Probing", "Reading", "Rendering", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ServingTests", dependencies: ["Artefacts", "Serving", nioCore], swiftSettings: strict),
        .testTarget(
            name: "ExportingTests", dependencies: ["Artefacts", "Exporting", "Linking"], swiftSettings: strict),
        .testTarget(
            name: "DaemonTests",
            dependencies: [
                "Artefacts", "Ingesting", "Inspecting", "InspectorCommand", "KeepsakeCommand", "Linking", "Receiving",
                "RecordingInspectorCommand", "RendererCommand", "Scanning", "Sealing", "Serving", "Storing",
                "TestSupport", configuration, logging,
                nioCore, system,
            ],
            swiftSettings: strict),
    ]
)
