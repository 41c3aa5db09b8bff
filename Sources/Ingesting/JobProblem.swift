internal import Inspecting
internal import Linking
internal import Receiving
internal import Storing

/// Why a job could not be done, for whoever runs Keepsake.
struct JobProblem {
    let text: String
    /// Whether it is nobody's fault, and passes by itself or by what an operator does.
    let isPassing: Bool

    init(_ error: any Error) {
        (text, isPassing) =
            switch error {
            case UploadStoreError.noSpace, BlobStoreError.noSpace, CatalogueError.noSpace: ("the disk is full", true)
            case InspectionFailure.notStarted: ("the program for it could not be started", true)
            case InspectionFailure.stopped: ("the program for it stopped unexpectedly", false)
            case InspectionFailure.timedOut: ("it took too long", false)
            case InspectionFailure.nonsense: ("the program for it gave no usable answer", false)
            default: ("\(error)", false)
            }
    }
}
