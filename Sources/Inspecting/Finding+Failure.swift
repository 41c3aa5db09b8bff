internal import Artefacts
internal import FoundationEssentials

extension Finding {
    /// Of a file that nobody has understood; it waits for a person.
    static func held(_ reason: String, clues: CaptureClues, zone: TimeZone) -> Finding {
        Finding(
            state: .held, reasons: [reason], mimeType: .unknown, kind: .document, media: Media(),
            captured: CaptureDateRules(nil, .document, clues: clues, zone: zone).captured)
    }
}
