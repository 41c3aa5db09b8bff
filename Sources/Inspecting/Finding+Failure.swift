package import Artefacts
package import FoundationEssentials

extension Finding {
    /// Of a file whose inspection never came to an end.
    package static func unchecked(receivedAt: Date) -> Finding {
        .held(InspectionFailure.stopped.sentence, receivedAt: receivedAt)
    }

    /// Of a file that nobody has understood; it waits for a person.
    static func held(_ reason: String, receivedAt: Date) -> Finding {
        Finding(
            state: .held, reasons: [reason], mimeType: .unknown, kind: .document, media: Media(),
            captured: CaptureDateRules.choose(from: [], receivedAt: receivedAt))
    }
}
