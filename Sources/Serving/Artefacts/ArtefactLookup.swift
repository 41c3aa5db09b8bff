internal import Artefacts
internal import HTTPTypes
internal import Linking

/// Finds the artefact that a request is about.
struct ArtefactLookup {
    let catalogue: any Catalogue

    /// The artefact in the path, with those of its entries that the caller may see; there is at least one.
    ///
    /// - Throws: ``Problem/notFound``, also where the caller must not learn that it is there.
    func visible(_ scope: SignedInScope) async throws -> (Artefact, [Entry]) {
        guard let id = scope.identifier("artefact", of: Artefact.self),
            let linked = try await catalogue.artefact(id)
        else { throw Problem.notFound }
        let entries = linked.entries.filter { scope.allows(.seeEntry(of: $0.child, $0.words.visibility)) }
        guard !entries.isEmpty else { throw Problem.notFound }
        return (linked.artefact, entries)
    }

    /// The artefact in the path, if its bytes may be given out, with the child whose story it is seen in.
    ///
    /// - Throws: ``Problem``, which says why they may not.
    func kept(_ scope: SignedInScope) async throws -> (Artefact, ChildID?) {
        let (artefact, entries) = try await visible(scope)
        guard artefact.finding.state == .kept else { throw Problem.notServed(artefact.finding) }
        return (artefact, entries.first?.child)
    }
}

extension Problem {
    /// Of bytes that are safe, and not to be given out as they stand.
    fileprivate static func notServed(_ finding: Finding) -> Problem {
        switch finding.state {
        case .inspecting:
            Problem(
                .conflict, "still-inspecting", "Still being checked",
                finding.reasons.joined(separator: " ").nonEmpty
                    ?? "The file is safe and is still being checked. Please try again in a moment.",
                headers: [.retryAfter: "5"])
        default:
            Problem(
                .conflict, "held", "Waiting for a person",
                (finding.reasons + ["The file is safe, and is not shown until a person has looked at it."])
                    .joined(separator: " "))
        }
    }
}
