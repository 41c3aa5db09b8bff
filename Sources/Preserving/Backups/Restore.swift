internal import Artefacts
internal import DurableFiles
internal import FoundationEssentials
internal import Linking
internal import Sealing
package import Storing
package import SystemPackage

/// A store made from a backup, in an empty folder.
package struct Restore: Sendable {
    private let backup: StoreFolders
    private let target: StoreFolders
    private let root: SecretKey
    private let keyring: Keyring

    /// Looks at everything before the first byte is written.
    ///
    /// - Throws: ``BackupError``, or ``KeyFolderError`` if the root key does not open the backup.
    package init(from backup: FilePath, to target: FilePath, rootKey: RootKeySource) throws {
        self.backup = StoreFolders(at: backup)
        self.target = StoreFolders(at: target)
        guard try StorageRoot.identity(of: backup) != nil, DurableFile.exists(self.backup.index) else {
            throw BackupError.noBackup(backup)
        }
        guard try self.target.isEmptyOrUnfinished else { throw BackupError.notEmpty(target) }
        let keys = KeyFolder(of: backup, source: rootKey)
        root = try keys.rootKey()
        keyring = try keys.open()
    }

    /// Plain bytes that there are to restore.
    package func size() async throws -> Int64 {
        try await SQLiteCatalogue(path: backup.index.string).fixity().bytes
    }

    /// Makes the store.
    ///
    /// Order: keys → index → blobs, each verified → records → marker. Killed
    /// anywhere, there is no store yet, and it is run again and goes on.
    ///
    /// - Parameters:
    ///   - rootKeyFile: where the root key is written to; `nil` where it is kept elsewhere.
    ///   - progress: told the plain bytes of each blob that is done.
    package func run(rootKeyFile: FilePath?, pace: Pace, progress: (Int64) -> Void) async throws -> CopyReport {
        try target.markUnfinished()
        for folder in [target.blobs, target.uploads, target.keys] { try Directory.create(folder) }
        if let rootKeyFile { try DurableFile.write(KeyFolder.text(of: root), to: rootKeyFile) }
        try Backup.copy("keyring.json", from: backup.keys, to: target.keys)
        for file in SQLiteCatalogue.files(at: target.index.string) { try DurableFile.remove(FilePath(file)) }
        let index = try await SQLiteCatalogue(path: backup.index.string).backUp(to: target.index.string)
        let report = try await BlobTransfer(
            copy: VerifiedCopy(keyring: keyring, staging: target.uploads, pace: pace),
            source: DirectoryBlobStore(root: backup.blobs, keyring: keyring),
            target: DirectoryBlobStore(root: target.blobs, keyring: keyring)
        ).run(index, progress: progress)
        try await index.record(fixity: report.damaged)
        try await index.record([
            JournalEvent.byDaemon(.restored, "\(report.copied)")
        ])
        try index.close()
        try FileMirror.update(target.records, from: backup.records)
        try Backup.copy("store.json", from: backup.root, to: target.root)
        try target.markFinished()
        return report
    }
}
