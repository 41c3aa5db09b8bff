internal import Artefacts
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
}
