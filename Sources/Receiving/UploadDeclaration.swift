package import Artefacts
package import FoundationEssentials

/// What a client said about an upload before its bytes came.
package struct UploadDeclaration: Hashable, Sendable, Codable {
    package let id: UploadID
    /// Who began it; nobody else may go on with it.
    package let owner: Principal
    package let child: ChildID
    package let fileName: FileName
    /// What the client says the bytes are; evidence, never trusted.
    package let declaredMimeType: MediaType?
    package let words: EntryWords
    /// The tus `Upload-Metadata` field exactly as it came, to be echoed byte for byte.
    package let tusMetadata: String?
    /// Bytes promised, or `nil` where the client did not say.
    package let length: Int64?
    package let createdAt: Date
    /// When an unfinished upload may be removed.
    package let expiresAt: Date

    package init(
        id: UploadID, owner: Principal, child: ChildID, fileName: FileName, declaredMimeType: MediaType?,
        words: EntryWords, tusMetadata: String?, length: Int64?, createdAt: Date, expiresAt: Date
    ) {
        self.id = id
        self.owner = owner
        self.child = child
        self.fileName = fileName
        self.declaredMimeType = declaredMimeType
        self.words = words
        self.tusMetadata = tusMetadata
        self.length = length
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}
