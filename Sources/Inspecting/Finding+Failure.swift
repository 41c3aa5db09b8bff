package import Artefacts
package import FoundationEssentials
internal import InspectionWire

/// Findings without a report.
extension Finding {
    /// Of a file whose inspection never came to an end.
    package static func unchecked(receivedAt: Date) -> Finding {
        withoutReport(.held, InspectionFailure.stopped.sentence, .unknown, .received(at: receivedAt))
    }

    /// Of a file that nobody has understood; it waits for a person.
    static func held(_ reason: String, clues: CaptureClues, zone: TimeZone) -> Finding {
        withoutReport(
            .held, reason, .unknown, CaptureDateRules(nil, .document, clues: clues, zone: zone).captured)
    }

    /// Of a file without a byte: there is nothing that could be kept, whatever the policy.
    package static func empty(receivedAt: Date) -> Finding {
        withoutReport(
            .refused, "The file is empty: not one byte arrived. Please send it again.", "inode/x-empty",
            .received(at: receivedAt))
    }

    private static func withoutReport(
        _ state: ArtefactState, _ reason: String, _ type: MediaType, _ captured: CaptureDate
    ) -> Finding {
        Finding(
            state: state, reasons: [reason], mimeType: type, kind: .document, media: Media(),
            captured: captured)
    }
}
