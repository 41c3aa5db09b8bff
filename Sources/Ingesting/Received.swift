internal import Artefacts
internal import Receiving
internal import SystemPackage

/// A file whose bytes are all there and durable, on its way into the story.
struct Received: Sendable {
    let declaration: UploadDeclaration
    let child: ChildID
    let digest: Digest
    let size: Int64
    /// Where the bytes lie until they become a blob.
    let staged: FilePath
}

extension Received {
    /// What a stored upload is, if its bytes are all there and are a file of their own.
    init?(_ stored: StoredUpload) {
        guard let digest = stored.received else { return nil }
        self.init(declaration: stored.declaration, digest: digest, size: stored.offset, staged: stored.staged)
    }

    /// `nil` for a piece of a file.
    init?(declaration: UploadDeclaration, digest: Digest, size: Int64, staged: FilePath) {
        guard let child = declaration.child, declaration.concatenation != .partial else { return nil }
        self.declaration = declaration
        self.child = child
        self.digest = digest
        self.size = size
        self.staged = staged
    }
}
