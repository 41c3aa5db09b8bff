package import Artefacts
package import FoundationEssentials

/// What a client said about an upload before its bytes came.
package struct UploadDeclaration: Hashable, Sendable, Codable {
    package let id: UploadID
    package let dialect: UploadDialect
    /// Who began it; nobody else may go on with it.
    package let owner: Principal
    /// On whose timeline the file will be; a piece of a file need not say it.
    package let child: ChildID?
    package let fileName: FileName
    /// What the client says the bytes are; evidence, never trusted.
    package let declaredMimeType: MediaType?
    package let words: EntryWords
    /// What the client says of the file's time; evidence, never trusted.
    package let times: DeclaredTimes?
    /// The tus `Upload-Metadata` field exactly as it came, to be echoed byte for byte.
    package let tusMetadata: String?
    /// The tus `Upload-Concat` field exactly as it came.
    package let tusConcat: String?
    package let concatenation: Concatenation?
    /// What the client says the whole upload hashes to, if it says so.
    package let digest: Digest?
    /// Bytes promised at the beginning, or `nil` where the client did not say.
    package let length: Int64?
    package let createdAt: Date
    /// When an unfinished upload may be removed.
    package let expiresAt: Date

    package init(
        id: UploadID, dialect: UploadDialect, owner: Principal, child: ChildID?, fileName: FileName,
        declaredMimeType: MediaType?, words: EntryWords, times: DeclaredTimes? = nil, tusMetadata: String? = nil,
        tusConcat: String? = nil,
        concatenation: Concatenation? = nil, digest: Digest? = nil, length: Int64?, createdAt: Date, expiresAt: Date
    ) {
        self.id = id
        self.dialect = dialect
        self.owner = owner
        self.child = child
        self.fileName = fileName
        self.declaredMimeType = declaredMimeType
        self.words = words
        self.times = times
        self.tusMetadata = tusMetadata
        self.tusConcat = tusConcat
        self.concatenation = concatenation
        self.digest = digest
        self.length = length
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}
