internal import Artefacts
internal import DurableFiles
internal import FoundationEssentials
internal import Linking
internal import Sealing
internal import Storing
internal import SystemPackage

/// Copies sealed blobs from store to store. A copy gets its name once every
/// byte of it was authenticated, and not before.
struct VerifiedCopy: Sendable {
    /// Opens what is copied; nothing is sealed anew.
    let keyring: Keyring
    /// A folder on the file system of the target, for copies that have no name yet.
    let staging: FilePath
    let pace: Pace

    private static let step = 1 << 20

    /// Copies one blob.
    ///
    /// Order: bytes into a staged file → every segment of it authenticated, the
    /// digest compared → fsync → rename → fsync of the folder.
    ///
    /// - Throws: ``BlobStoreError`` if it is missing or not whole; the target is
    ///   then as it was.
    func copy(_ blob: StoredBlob, from source: any BlobStore, to target: any BlobStore) async throws {
        guard let path = try await source.localFile(of: blob.digest) else { throw BlobStoreError.missing(blob.digest) }
        // Like an upload's spool, so that a daemon sweeps it away if this is killed.
        let staged = staging.appending("copy-\(Secret.random(bytes: 8)).spool")
        do {
            try await copyBytes(path, to: staged)
            try await blocking { try verify(staged, blob.digest) }
            try await target.adopt(staged, as: blob.digest, size: blob.size)
        } catch {
            try? DurableFile.remove(staged)
            throw error
        }
    }

    private func copyBytes(_ path: FilePath, to staged: FilePath) async throws {
        let target = try OpenFile(creating: staged)
        guard let source = try OpenFile(reading: path) else { return }
        var position: Int64 = 0
        while true {
            let offset = position
            let count = try await blocking {
                let bytes = try source.read(at: offset, count: Self.step)
                try target.write(bytes, at: offset)
                return bytes.count
            }
            guard count > 0 else { break }
            position += Int64(count)
            try await pace.spend(count)
        }
        try await blocking { try target.synchronise() }
    }

    private func verify(_ staged: FilePath, _ digest: Digest) throws {
        guard let file = try OpenFile(reading: staged) else { throw BlobStoreError.missing(digest) }
        do {
            let reader = try SealedReader(file, keyring: keyring)
            guard reader.digest == digest else { throw BlobStoreError.damaged(digest, "it is another file") }
            try reader.verify()
        } catch let error as SealedFileError {
            throw BlobStoreError.damaged(digest, error.description)
        }
    }
}
