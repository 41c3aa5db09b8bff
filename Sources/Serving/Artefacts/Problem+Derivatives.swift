internal import Artefacts
internal import HTTPTypes

/// Why there is nothing to look at, or not yet; the original is safe in each case.
extension Problem {
    static let derivativePending = Problem(
        .conflict, "preview-not-ready", "The preview is being made",
        "The preview is being made. The original is safe. Please try again in a moment.",
        headers: [.retryAfter: "5"])

    /// - Parameter kind: one that was not made, and is not going to be.
    static func noDerivative(_ kind: DerivativeKind, of artefact: Artefact) -> Problem {
        let wasTried = artefact.derivatives.failed.contains { $0.kind == kind }
        return Problem(
            .notFound, "no-preview", "There is no preview",
            wasTried
                ? "The original is safe; a preview could not be made."
                : "Nothing like that is made of a file of this kind. The original is safe.")
    }

    static let copyPending = Problem(
        .conflict, "copy-not-ready", "A copy is being made",
        "This file tells where it was made. A copy that does not is being made for you. Please try again in a moment.",
        headers: [.retryAfter: "5"])

    static let noCopy = Problem(
        .conflict, "no-copy", "Not shown as it is",
        "This file tells where it was made, and a copy that does not could not be made. The file is safe. You can "
            + "look at its picture, or ask your worker to show it to you.")
}
