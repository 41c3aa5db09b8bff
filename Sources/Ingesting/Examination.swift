internal import Artefacts
internal import FoundationEssentials
internal import Inspecting
internal import Logging
internal import Scanning
internal import SystemPackage

/// What inspector and scanner say of a file, both at the same time.
struct Examination: Sendable {
    let inspector: Inspector
    let scanner: any Scanner
    let logger: Logger
    let health: ScannerHealth

    init(inspector: Inspector, scanner: any Scanner, logger: Logger, health: ScannerHealth = ScannerHealth()) {
        self.inspector = inspector
        self.scanner = scanner
        self.logger = logger
        self.health = health
    }

    /// The same of files that are safe and can wait: those that come in are looked at first.
    func givingWay() -> Examination {
        Examination(inspector: inspector.givingWay(), scanner: scanner, logger: logger, health: health)
    }

    /// What the sealed file is, and what follows from it.
    ///
    /// In the state `inspecting` it is to be examined again: it was not scanned.
    ///
    /// - Parameters:
    ///   - times: what the sender's device said.
    ///   - notBefore: older dates are not believed.
    ///   - subject: identifies the file in the log.
    func examine(
        _ file: FilePath, named name: FileName, declared: MediaType?, receivedAt: Date, times: DeclaredTimes?,
        notBefore: Date?, subject: String
    ) async -> Examined {
        async let scan = scan(file, subject)
        let inspection = await inspector.inspect(
            file, named: name, declared: declared, receivedAt: receivedAt, times: times, notBefore: notBefore)
        let finding = inspection.finding
        return Examined(
            finding: finding.state == .refused ? finding : finding.scanned(await scan), position: inspection.position)
    }

    private func scan(_ file: FilePath, _ subject: String) async -> ScanResult {
        let start = ContinuousClock.now
        let result = await scanner.scan(file)
        guard !Task.isCancelled, result != .off else { return result }
        UploadMeters.spent(start.duration(to: .now), on: "scan")
        UploadMeters.scanned(result.label)
        health.note(result, of: subject, logger)
        return result
    }
}

extension ScanResult {
    fileprivate var label: String {
        switch self {
        case .off: "off"
        case .clean: "clean"
        case .found: "found"
        case .notScanned(let failure): failure.rawValue
        }
    }
}
