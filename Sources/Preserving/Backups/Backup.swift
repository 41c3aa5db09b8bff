internal import Artefacts
internal import DurableFiles
internal import FoundationEssentials
package import Linking
package import Sealing
package import Storing
package import SystemPackage

/// A copy of a store in another folder, made while the store is in use.
///
/// The folder has the layout of a store. At every moment it holds the last
/// whole backup or the new one: blobs come first, and the index that names
/// them takes the old one's place when all are there.
package struct Backup: Sendable {
    private let store: StoreFolders
    private let target: StoreFolders
    private let keyring: Keyring

    /// - Throws: ``BackupError`` if the folder cannot be a backup of this store.
    package init(of store: StoreFolders, to folder: FilePath, keyring: Keyring) throws {
        let target = StoreFolders(at: folder)
        guard !folder.isInside(store.root) else { throw BackupError.inside(folder) }
        let identity = try StorageRoot.identity(of: store.root)
        if let other = try StorageRoot.identity(of: folder) {
            guard other == identity else { throw BackupError.ofAnotherStore(folder) }
        } else {
            guard try target.isEmptyOrUnfinished else { throw BackupError.notABackup(folder) }
        }
        self.store = store
        self.target = target
        self.keyring = keyring
    }

    /// Brings the backup up to date.
    ///
    /// Order: snapshot of the index → blobs that it names → records → keyring →
    /// snapshot in the index's place → marker. Killed anywhere, it is run again
    /// and goes on.
    ///
    /// - Parameter progress: told the plain bytes of each blob that is done.
    package func run(
        _ catalogue: SQLiteCatalogue, blobs: any BlobStore, pace: Pace, withRootKey root: SecretKey?,
        progress: (Int64) -> Void
    ) async throws -> CopyReport {
        try prepare()
        let new = FilePath(target.index.string + ".new")
        for file in SQLiteCatalogue.files(at: new.string) { try DurableFile.remove(FilePath(file)) }
        let snapshot = try await catalogue.backUp(to: new.string)
        let report = try await BlobTransfer(
            copy: VerifiedCopy(keyring: keyring, staging: target.uploads, pace: pace), source: blobs,
            target: DirectoryBlobStore(root: target.blobs, keyring: keyring)
        ).run(snapshot, progress: progress)
        try snapshot.close()
        try FileMirror.update(target.records, from: store.records)
        try copyKeys(root)
        try OpenFile(writing: new).synchronise()
        for log in SQLiteCatalogue.files(at: target.index.string).dropFirst() {
            try DurableFile.remove(FilePath(log))
        }
        try DurableFile.publish(new, as: target.index)
        try Self.copy("store.json", from: store.root, to: target.root)
        try target.markFinished()
        return report
    }

    private func prepare() throws {
        if try StorageRoot.identity(of: target.root) == nil { try target.markUnfinished() }
        for folder in [target.blobs, target.uploads, target.keys] { try Directory.create(folder) }
        // What a killed run left behind.
        for name in try Directory.names(in: target.uploads) where name.hasPrefix("copy-") {
            try DurableFile.remove(target.uploads.appending(name))
        }
    }

    private func copyKeys(_ root: SecretKey?) throws {
        try Self.copy("keyring.json", from: store.keys, to: target.keys)
        if let root { try DurableFile.write(KeyFolder.text(of: root), to: target.keys.appending("root.key")) }
    }

    static func copy(_ name: String, from source: FilePath, to target: FilePath) throws(FileError) {
        guard let bytes = try DurableFile.read(source.appending(name)) else {
            throw FileError("read", source.appending(name), .noSuchFileOrDirectory)
        }
        try DurableFile.write(bytes, to: target.appending(name))
    }
}

extension FilePath {
    /// Whether it is the folder, or below it, as far as the names tell.
    fileprivate func isInside(_ folder: FilePath) -> Bool {
        let current = FilePath(FileManager.default.currentDirectoryPath)
        let (own, other) = (current.pushing(self).lexicallyNormalized(), current.pushing(folder).lexicallyNormalized())
        return own.starts(with: other)
    }
}

/// Why there can be no backup, or no restore, there. Each says what to do.
package enum BackupError: Error, CustomStringConvertible {
    case inside(FilePath)
    case ofAnotherStore(FilePath)
    case notABackup(FilePath)
    case noBackup(FilePath)
    case notEmpty(FilePath)

    package var description: String {
        switch self {
        case .inside(let path): "\(path) lies in the store itself. Choose a folder outside, best on another disk."
        case .ofAnotherStore(let path): "\(path) is the backup of another store. Choose another folder."
        case .notABackup(let path): "\(path) is not empty, and no backup. Choose an empty folder."
        case .noBackup(let path): "There is no whole backup in \(path)."
        case .notEmpty(let path): "\(path) is not empty. A store is restored into an empty folder."
        }
    }
}
