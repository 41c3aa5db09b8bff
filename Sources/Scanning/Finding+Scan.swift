package import Artefacts

extension Finding {
    /// What stands once the scanner has spoken too.
    ///
    /// Nothing is kept without having been scanned: a file that was not scanned
    /// stays in the state `inspecting`, and is looked at again; one that no scan
    /// takes, however often, is held for a person. Only a file that is refused,
    /// and whose bytes are served to nobody, needs no scan.
    package func scanned(_ result: ScanResult) -> Finding {
        guard state != .refused else { return self }
        switch result {
        case .off, .clean: return self
        case .found: return with(.held, [Self.harmful] + reasons)
        case .notScanned(.tooLarge): return with(.held, [Self.tooLarge] + reasons)
        case .notScanned: return with(.inspecting, [Self.waits])
        }
    }

    private static let harmful =
        "The check for viruses found something in this file that could harm a computer, so it is kept apart and not "
        + "shown. You have done nothing wrong. A person will look at it."

    private static let tooLarge =
        "This file is larger than what the check for viruses takes, so it is kept apart and not shown. A person will "
        + "decide about it."

    private static let waits =
        "The file is safe, and waits for the check for viruses. It is shown as soon as that has been done."

    private func with(_ state: ArtefactState, _ reasons: [String]) -> Finding {
        Finding(
            state: state, reasons: reasons, mimeType: mimeType, kind: kind, media: media, captured: captured,
            puid: puid, report: report, presentation: state == .held ? .download : presentation)
    }
}
