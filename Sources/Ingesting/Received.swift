internal import Artefacts
internal import Receiving
internal import SystemPackage

/// A file whose bytes are all there and durable, on its way into the story.
struct Received: Sendable {
    let declaration: UploadDeclaration
    let digest: Digest
    let size: Int64
    /// Where the bytes lie until they become a blob.
    let staged: FilePath
}

extension Received {
    /// What a stored upload is, if its bytes are all there.
    init?(_ stored: StoredUpload) {
        guard let digest = stored.received else { return nil }
        self.init(declaration: stored.declaration, digest: digest, size: stored.offset, staged: stored.staged)
    }
}
