internal import Artefacts
internal import Storing

/// What is known of a file once it was inspected and scanned.
struct Examined: Sendable {
    let finding: Finding
    /// Where it was made, which is kept apart from the finding.
    var position: Position?
}

extension PlaceStore {
    /// Keeps where an artefact was made, if that is known; durable on return.
    ///
    /// Nothing is kept of a file that is refused, or that is going to be examined again.
    func keep(_ examined: Examined, of artefact: ArtefactID) async throws {
        guard let position = examined.position, [.kept, .held].contains(examined.finding.state) else { return }
        try await keep(position, of: artefact)
    }
}
