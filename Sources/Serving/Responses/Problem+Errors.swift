internal import Artefacts
internal import HTTPTypes
internal import Hummingbird
internal import Ingesting
internal import Linking
internal import Logging
internal import Receiving
internal import Storing

extension Problem {
    /// What a client is told of an error, and what the log is told where it is ours.
    ///
    /// The only place that knows a status code for an error of the stages.
    init(describing error: any Error, logger: Logger) {
        switch error {
        case let problem as Problem: self = problem
        case let error as IngestionError: self = .ingestion(error)
        case CatalogueError.externalIDTaken:
            self.init(
                .conflict, "external-id-taken", "External id taken",
                "Another child has this external id already. Look the child up by it instead.")
        case CatalogueError.noSuchChild: self = .notFound
        case CatalogueError.tooMuchWritten:
            self.init(
                .conflict, "too-much-written", "Corrected too often",
                "All that was ever written here is kept, and there is no room for more. Nothing was changed.")
        case CatalogueError.noSpace: self = .noSpace
        case BlobStoreError.damaged, BlobStoreError.missing: self = .damaged
        case let error as HTTPError: self = .http(error)
        default:
            logger.error("a request failed: \(error)")
            self = .failed
        }
    }

    /// Of a file whose stored bytes are not what they were.
    static let damaged = Problem(
        .internalServerError, "damaged", "Damaged in storage",
        "The stored file is damaged, so it is not shown. Whoever runs Keepsake has been told, and can restore it "
            + "from the backup.")

    private static func ingestion(_ error: IngestionError) -> Problem {
        switch error {
        case .noSuchUpload: .notFound
        case .noSpace: .noSpace
        case .interrupted:
            Problem(
                .badRequest, "interrupted", "The upload stopped",
                "Fewer bytes arrived than were announced. What was confirmed is safe; go on from there.")
        case .digestMismatch:
            Problem(
                .unprocessableContent, "digest-mismatch", "Not the bytes that were sent",
                "What arrived is not what “Repr-Digest” says, so it was not kept. Please send the file again.")
        case .notHeld:
            Problem(
                .conflict, "not-held", "Nothing to decide",
                "This file is not waiting for a decision, so nothing was changed. Load the page again to see how it stands."
            )
        case .notClean:
            Problem(
                .conflict, "not-clean", "Not checked, or not clean",
                "The check for viruses found something in this file, or could not look at it. It stays safe, and apart. Please tell whoever runs Keepsake."
            )
        case .program(let refusal): .refused(refusal)
        case .refused(let refusal): .upload(refusal)
        case .notNow(let refusal): .admission(refusal)
        case .notConcatenable(let refusal): .concatenation(refusal)
        }
    }

    private static func upload(_ refusal: UploadRefusal) -> Problem {
        switch refusal {
        case .offsetMismatch(let expected, let provided):
            Problem(
                .conflict, ProblemTypes.mismatchingOffset, "Wrong offset",
                "The upload stands at byte \(expected), not at \(provided). Go on from there.",
                headers: [.uploadOffset: String(expected)],
                members: ["expected-offset": expected, "provided-offset": provided])
        case .beyondLength(let length):
            Problem(
                .contentTooLarge, "beyond-length", "More than was announced",
                "The upload was announced with \(length) bytes, and more came. Start a new upload with the right length."
            )
        case .lengthMismatch(let known, let provided):
            Problem(
                .badRequest, ProblemTypes.inconsistentLength, "Two lengths",
                "The upload has \(known) bytes, as far as is known, and not \(provided). Say the same length each time."
            )
        case .tooLarge(let maximum): .tooLarge(maximum: maximum)
        case .checksumMismatch:
            Problem(
                HTTPResponse.Status(code: 460, reasonPhrase: "Checksum Mismatch"), "checksum-mismatch",
                "Not the bytes that were sent",
                "What arrived is not what the checksum says, so nothing of this request was kept. Send it again.")
        case .checksumMissing:
            .badRequest("A checksum was to come behind the bytes, and did not. Nothing of this request was kept.")
        case .isFinal:
            Problem(
                .forbidden, "final-upload", "Put together from others",
                "This upload is put together from others, and takes no bytes of its own.")
        }
    }

    private static func admission(_ refusal: AdmissionRefusal) -> Problem {
        switch refusal {
        case .tooManyUploads(let most):
            Problem(
                .tooManyRequests, "too-many-uploads", "Too many unfinished uploads",
                "You have \(most) unfinished uploads. Finish or cancel some of them, then begin this one.",
                headers: [.retryAfter: "60"])
        case .tooManyBytes(let most):
            Problem(
                .tooManyRequests, "too-many-bytes", "Too much at once",
                "Your unfinished uploads may have \(most) bytes together. Finish or cancel some of them, then begin this one.",
                headers: [.retryAfter: "60"])
        case .busy:
            Problem(
                .serviceUnavailable, "busy", "Too much is coming in",
                "Others are sending so much that there is no room just now. Nothing is lost; please try again in a moment.",
                headers: [.retryAfter: "5"])
        }
    }

    private static func concatenation(_ refusal: ConcatenationRefusal) -> Problem {
        switch refusal {
        case .missing:
            Problem(
                .notFound, "no-such-piece", "A piece is missing",
                "One of the uploads that “Upload-Concat” names is not there, or is not yours.")
        case .notPartial:
            .badRequest("One of the uploads that “Upload-Concat” names is not a partial one.")
        case .tooLarge(let maximum): .tooLarge(maximum: maximum)
        }
    }

    private static func http(_ error: HTTPError) -> Problem {
        switch error.status {
        case .notFound: .notFound
        case .methodNotAllowed:
            Problem(
                .methodNotAllowed, "method-not-allowed", "Not possible here", "This address does not take that method.")
        default:
            Problem(error.status, "http", error.status.reasonPhrase, error.body ?? "The request was refused.")
        }
    }

    /// Of an upload that policy did not let in.
    static func refused(_ refusal: Refusal) -> Problem {
        refusal.size == 0
            ? Problem(.unprocessableContent, "empty-file", "Empty file", refusal.reason)
            : Problem(.unprocessableContent, "format-refused", "This kind of file is not taken", refusal.reason)
    }

    /// Of a form of which some files were not let in; at least one.
    static func refused(_ refusals: [Refusal], added: Int) -> Problem {
        let rest =
            switch added {
            case 0: ""
            case 1: " The other file was added to the story, and is safe."
            default: " The other \(added) files were added to the story, and are safe."
            }
        let reasons = refusals.map { "“\($0.fileName.text)” was not taken. \($0.reason)" }.joined(separator: " ")
        return Problem(.unprocessableContent, "format-refused", "Not everything was taken", reasons + rest)
    }
}

/// Types of problems that others have named.
///
/// Source: draft-ietf-httpbis-resumable-upload, "Problem Types".
enum ProblemTypes {
    private static let registry = "https://iana.org/assignments/http-problem-types#"
    static let mismatchingOffset = registry + "mismatching-upload-offset"
    static let inconsistentLength = registry + "inconsistent-upload-length"
    static let completedUpload = registry + "completed-upload"
}
