internal import Artefacts
internal import FoundationEssentials

/// What is known beside a file of when it can have been made.
struct CaptureClues: Sendable {
    let fileName: FileName
    var declared: DeclaredTimes?
    let receivedAt: Date
    /// Nothing of the child's can be older, such as the day of birth.
    var notBefore: Date?
}
