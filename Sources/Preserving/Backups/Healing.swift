package import Artefacts
internal import DurableFiles
internal import FoundationEssentials
package import Linking
package import Sealing
package import Storing
internal import SystemPackage

/// Puts whole copies of a backup in place of damaged blobs.
package struct Healing: Sendable {
    private let store: StoreFolders
    private let blobs: any BlobStore
    private let catalogue: any Catalogue
    private let backup: any BlobStore
    private let keyring: Keyring

    private static let most = 100_000

    package init(
        of store: StoreFolders, blobs: any BlobStore, catalogue: any Catalogue, from backup: StoreFolders,
        keyring: Keyring
    ) throws {
        guard try StorageRoot.identity(of: backup.root) != nil else { throw BackupError.noBackup(backup.root) }
        self.store = store
        self.blobs = blobs
        self.catalogue = catalogue
        self.backup = try DirectoryBlobStore(root: backup.blobs, keyring: keyring)
        self.keyring = keyring
    }

    /// Heals every blob that is marked as damaged and whole in the backup; answers which.
    package func run() async throws -> [Digest] {
        let copy = VerifiedCopy(keyring: keyring, staging: store.uploads, pace: Pace(bytesPerSecond: nil))
        var healed: [Digest] = []
        for blob in try await catalogue.damagedBlobs(limit: Self.most) {
            do {
                try await copy.copy(blob, from: backup, to: blobs)
            } catch let error as BlobStoreError where error.damage != nil {
                continue
            }
            try await catalogue.record(fixity: [Verification(digest: blob.digest, at: Date(), damage: nil)])
            healed.append(blob.digest)
        }
        return healed
    }
}
