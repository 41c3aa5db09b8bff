internal import Artefacts
internal import Hummingbird
internal import Ingesting
internal import Linking
internal import Receiving

/// Finds the upload in a path, as far as the caller may know of it.
struct UploadLookup {
    let ingestion: Ingestion

    /// The identifier in the path, or `nil` where the path holds none.
    func id(_ scope: SignedInScope) -> UploadID? {
        scope.parameters.get("upload").flatMap { UploadID(parsing: $0) }
    }

    /// An unfinished upload that is the caller's own.
    func upload(_ scope: SignedInScope) async throws -> StoredUpload? {
        guard let id = id(scope), let upload = try await ingestion.upload(id) else { return nil }
        let declaration = upload.declaration
        return scope.allows(.continueUpload(of: declaration.owner, to: declaration.child)) ? upload : nil
    }

    /// What became of a finished upload whose child the caller may see.
    func outcome(_ scope: SignedInScope) async throws -> UploadOutcome? {
        guard let id = id(scope) else { return nil }
        return try await outcome(scope, id)
    }

    /// What became of that upload, if it is finished and the caller may see it.
    func outcome(_ scope: SignedInScope, _ id: UploadID) async throws -> UploadOutcome? {
        guard let outcome = try await ingestion.outcome(of: id) else { return nil }
        let mayKnow =
            switch outcome {
            case .linked(let linked):
                linked.entries.contains { scope.allows(.seeEntry(of: $0.child, $0.words.visibility)) }
            case .refused(let refusal): scope.allows(.addArtefact(to: refusal.child))
            }
        return mayKnow ? outcome : nil
    }
}
