package import SystemPackage

/// Looks for malware in files that have come in.
///
/// A scanner may be asked from many tasks at once. It never changes the file.
///
/// Every conformance passes `ScannerConformance`.
package protocol Scanner: Sendable {
    /// Has all plain bytes of a sealed file looked through.
    ///
    /// Comes to an end in bounded time, whatever the scanner does. Cancelling
    /// the task ends it soon; the answer is then worthless.
    func scan(_ file: FilePath) async -> ScanResult
}

/// What a scanner says of a file.
package enum ScanResult: Hashable, Sendable {
    /// Nobody looks for malware here.
    case off
    /// All bytes were looked through, and nothing known to be harmful was found.
    case clean
    /// `signature` is what the scanner calls it: for the log, never for a client.
    case found(signature: String)
    /// The file is to be scanned again.
    case notScanned(ScanFailure)
}

/// Why a file was not scanned.
package enum ScanFailure: String, Error, Hashable, Sendable {
    /// The scanner is not there, or takes nobody.
    case unreachable
    case timedOut
    /// The file has more bytes than the scanner takes.
    case tooLarge
    /// The scanner ended the conversation, or says that it could not do it.
    case stopped
    /// The scanner's answer is none.
    case nonsense
    /// The stored file could not be read.
    case unreadable
}

/// What stands where no scanner is configured.
package struct NoScanner: Scanner {
    package init() {}

    /// Answers at once, without looking at the file.
    package func scan(_ file: FilePath) async -> ScanResult { .off }
}
