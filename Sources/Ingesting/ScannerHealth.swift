internal import Logging
internal import Scanning
internal import Synchronization

/// Whether the scanner does its work, as the log was told last: once when it
/// stops, and not for each file that waits.
final class ScannerHealth: Sendable {
    private let trouble = Mutex<ScanFailure?>(nil)

    /// Takes in what came of a scan, and tells the log what is news.
    ///
    /// - Parameter subject: identifies the file in the log.
    func note(_ result: ScanResult, of subject: String, _ logger: Logger) {
        switch result {
        case .off: break
        case .clean: note(nil, logger)
        case .found(let signature):
            logger.warning("malware was found", metadata: ["signature": "\(signature)", "file": "\(subject)"])
            note(nil, logger)
        case .notScanned(.tooLarge), .notScanned(.unreadable):
            // That is the file's trouble, and known each time that it is tried.
            logger.debug("a file could not be scanned", metadata: ["result": "\(result)", "file": "\(subject)"])
        case .notScanned(let failure): note(failure, logger)
        }
    }

    private func note(_ failure: ScanFailure?, _ logger: Logger) {
        let before = trouble.withLock { trouble in
            defer { trouble = failure }
            return trouble
        }
        guard failure != before else { return }
        if let failure {
            logger.error("the scanner does not scan: files wait", metadata: ["reason": "\(failure.rawValue)"])
        } else {
            logger.notice("the scanner scans again")
        }
    }
}
