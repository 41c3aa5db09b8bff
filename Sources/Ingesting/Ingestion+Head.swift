internal import Artefacts
internal import FoundationEssentials
internal import Inspecting
internal import Linking
internal import Receiving

/// The first bytes of a file are those of a program.
struct RefusedProgram: Error {
    let declaration: UploadDeclaration
    let finding: Finding
}

/// What can be said of a file while it is still coming in.
extension Ingestion {
    /// Has the first 64 KiB looked at, so that nobody sends 4 GB of what is not kept.
    ///
    /// - Throws: ``RefusedProgram``.
    func refusePrograms(_ head: OpenUpload.Head, _ declaration: UploadDeclaration) async throws {
        // A piece of a file need not be its beginning.
        guard declaration.concatenation == nil else { return }
        let finding = try await inspector.refusal(
            of: head, named: declaration.fileName, declared: declaration.declaredMimeType)
        if let finding { throw RefusedProgram(declaration: declaration, finding: finding) }
    }

    /// Ends an upload that is not taken.
    func refuse(_ refused: RefusedProgram, _ open: OpenUpload) async throws -> Refusal {
        let received = Received(
            declaration: refused.declaration, digest: open.digest, size: open.state.offset, staged: open.spool.staged)
        guard let received else { preconditionFailure("a piece of a file is not looked at") }
        let refusal = try await refuse(received, refused.finding, at: Date())
        try await end(refused.declaration.id)
        return refusal
    }
}
