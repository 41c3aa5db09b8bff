package import Artefacts

extension Finding {
    /// What stands once the scanner has spoken too.
    ///
    /// Nothing leaves the state `inspecting` without having been scanned: a file
    /// that was not scanned stays there, and is looked at again. Only a file
    /// that is refused, and whose bytes are served to nobody, needs no scan.
    package func scanned(_ result: ScanResult) -> Finding {
        guard state != .refused else { return self }
        switch result {
        case .off, .clean: return self
        case .found: return with(.held, [Self.harmful] + reasons)
        case .notScanned(let failure): return with(.inspecting, [failure.sentence])
        }
    }

    private static let harmful =
        "The check for viruses found something in this file that could harm a computer, so it is kept apart and not "
        + "shown. You have done nothing wrong. A person will look at it."

    private func with(_ state: ArtefactState, _ reasons: [String]) -> Finding {
        Finding(
            state: state, reasons: reasons, mimeType: mimeType, kind: kind, media: media, captured: captured,
            puid: puid, report: report, presentation: state == .held ? .download : presentation)
    }
}

extension ScanFailure {
    /// For whoever waits for the file.
    fileprivate var sentence: String {
        switch self {
        case .tooLarge:
            "The file is safe. It is larger than what the check for viruses takes, so it is not shown yet. Please tell "
                + "whoever runs Keepsake, who can raise the limit."
        case .unreachable, .timedOut, .stopped, .nonsense, .unreadable:
            "The file is safe, and waits for the check for viruses. It is shown as soon as that has been done."
        }
    }
}
