internal import Artefacts
internal import FoundationEssentials
internal import Ingesting
internal import Linking
internal import Receiving

/// Makes declarations of uploads from what clients send, once the policy has agreed.
struct Declaring {
    let catalogue: any Catalogue
    let settings: IngestionSettings

    /// What a client says of an upload, in whatever protocol.
    struct Said {
        var id = UploadID()
        let dialect: UploadDialect
        /// `nil` only of a piece of a file.
        let child: ChildID?
        let fileName: String?
        let type: String?
        let words: EntryWords
        var times: DeclaredTimes?
        var tusMetadata: String?
        var tusConcat: String?
        var concatenation: Concatenation?
        var digest: Digest?
        var length: Int64?

        /// The same with that length.
        func announcing(_ length: Int64?) -> Said {
            var said = self
            said.length = length
            return said
        }
    }

    /// Asks again, with the last byte, whether the file may be added.
    ///
    /// - Throws: ``Problem``.
    func requireStill(_ declaration: UploadDeclaration, by scope: SignedInScope) async throws {
        guard let child = declaration.child else { return }
        try await scope.requireStill(.addArtefact(to: child), in: catalogue)
    }

    /// A declaration of an upload.
    ///
    /// - Throws: ``Problem`` if the caller may not add to that child, or there is none.
    func declaration(_ said: Said, by scope: SignedInScope) async throws -> UploadDeclaration {
        if let child = said.child {
            try scope.require(.addArtefact(to: child))
            guard try await catalogue.child(child) != nil else { throw Problem.notFound }
        }
        let now = Date()
        return UploadDeclaration(
            id: said.id, dialect: said.dialect, owner: scope.principal, child: said.child,
            fileName: FileName(declared: said.fileName ?? ""),
            declaredMimeType: said.type.flatMap { MediaType(parsing: $0) }, words: said.words, times: said.times,
            tusMetadata: said.tusMetadata, tusConcat: said.tusConcat, concatenation: said.concatenation,
            digest: said.digest, length: said.length, createdAt: now,
            expiresAt: now.addingTimeInterval(TimeInterval(settings.expiry.components.seconds)))
    }
}
