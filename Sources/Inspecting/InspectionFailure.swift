/// Why there is no report, or no more derivatives.
package enum InspectionFailure: Error {
    case stopped, timedOut, nonsense, notStarted

    /// For the person who sent the file.
    var sentence: String {
        let reason =
            switch self {
            case .stopped: "the inspection stopped unexpectedly"
            case .timedOut: "the inspection took too long"
            case .nonsense: "the inspection gave no usable answer"
            case .notStarted: "the inspection could not be started"
            }
        return "The file could not be checked: \(reason). It is safe, and waiting for a person to look at it."
    }
}
