internal import Artefacts
internal import FoundationEssentials
internal import Ingesting
internal import Linking
internal import Receiving

/// Makes declarations of uploads from what clients send, once the policy has agreed.
struct Declaring {
    let catalogue: any Catalogue
    let settings: IngestionSettings

    /// A declaration of an upload to `child`.
    ///
    /// - Throws: ``Problem`` if the caller may not add to that child, or there is none.
    func declaration(
        _ id: UploadID = UploadID(), to child: ChildID, named name: String?, type: String?, words: EntryWords,
        tusMetadata: String? = nil,
        length: Int64?, by scope: SignedInScope
    ) async throws -> UploadDeclaration {
        try scope.require(.addArtefact(to: child))
        guard try await catalogue.child(child) != nil else { throw Problem.notFound }
        let now = Date()
        return UploadDeclaration(
            id: id, owner: scope.principal, child: child, fileName: FileName(declared: name ?? ""),
            declaredMimeType: type.flatMap { MediaType(parsing: $0) }, words: words, tusMetadata: tusMetadata,
            length: length, createdAt: now,
            expiresAt: now.addingTimeInterval(TimeInterval(settings.expiry.components.seconds)))
    }
}
