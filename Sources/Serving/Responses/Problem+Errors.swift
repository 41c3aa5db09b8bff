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
        case .refused(.offsetMismatch(let expected, let provided)):
            Problem(
                .conflict, "mismatching-upload-offset", "Wrong offset",
                "The upload stands at byte \(expected), not at \(provided). Go on from there.",
                headers: [.uploadOffset: String(expected)])
        case .refused(.beyondLength(let length)):
            Problem(
                .contentTooLarge, "beyond-length", "More than was announced",
                "The upload was announced with \(length) bytes, and more came. Start a new upload with the right length."
            )
        case .refused(.tooLarge(let maximum)): .tooLarge(maximum: maximum)
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
}
