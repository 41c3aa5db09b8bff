internal import Artefacts
internal import Synchronization

/// Which requests belong to one reading of an artefact.
///
/// A player asks for a video in hundreds of parts, and a page for previews
/// again each time it is shown: what one reader asks for within a minute is one
/// line of the journal, written before the first byte. A whole original is a
/// line each time.
final class ReadAudit: Sendable {
    private struct Reading: Hashable {
        let reader: Principal
        let artefact: ArtefactID
        let act: JournalEvent.Act
    }

    private let begun = Mutex<[Reading: ContinuousClock.Instant]>([:])

    private static let span: Duration = .seconds(60)
    private static let mostReadings = 10_000

    /// Whether the journal has a line for what this reader reads now.
    func isRecorded(_ reader: Principal, _ artefact: ArtefactID, _ act: JournalEvent.Act) -> Bool {
        begun.withLock { begun in
            guard let began = begun[Reading(reader: reader, artefact: artefact, act: act)] else { return false }
            return began.duration(to: .now) < Self.span
        }
    }

    /// Says that the journal has one now.
    func recorded(_ reader: Principal, _ artefact: ArtefactID, _ act: JournalEvent.Act) {
        begun.withLock { begun in
            if begun.count >= Self.mostReadings {
                begun = begun.filter { $0.value.duration(to: .now) < Self.span }
                // Forgetting writes more lines than needed, never fewer.
                if begun.count >= Self.mostReadings { begun = [:] }
            }
            begun[Reading(reader: reader, artefact: artefact, act: act)] = .now
        }
    }
}
