package import DurableFiles
package import FoundationEssentials
package import Sealing
package import SystemPackage

/// The folder that holds everything: index, blobs, uploads, keys.
///
/// `store.json` marks it, so that an empty mount point is not taken for a
/// store that has lost everything; a lock sees to it that one daemon uses it.
package struct StorageRoot: Sendable {
    package let path: FilePath
    /// Whether this is the store's first start.
    package let isNew: Bool
    /// The keys of every sealed file.
    package let keyring: Keyring
    /// Held for as long as this value lives.
    private let lock: OpenFile

    /// Where what lies in it.
    package var folders: StoreFolders { StoreFolders(at: path) }

    /// Opens a store for a daemon. An empty folder becomes a new one.
    ///
    /// Order at the first start: keys → marker. A start that was cut short is
    /// a first start again.
    ///
    /// - Parameter needsIndex: whether a store that has files and no index is
    ///   refused, rather than taken for an empty one.
    package init(
        daemonAt path: FilePath, rootKey: RootKeySource = .file(nil), needsIndex: Bool = true, now: Date = Date()
    ) throws(StorageRootError) {
        self.path = path
        do {
            try Directory.create(path)
            let lockFile = path.appending("lock")
            lock = DurableFile.exists(lockFile) ? try OpenFile(writing: lockFile) : try OpenFile(creating: lockFile)
            guard try lock.tryLock() else { throw StorageRootError.inUse(path) }
            // Before anything is written: it may be no store, or not all of one.
            try Self.expectWhole(path)
            if needsIndex { try Self.expectIndex(StoreFolders(at: path)) }
            let keys = KeyFolder(of: path, source: rootKey)
            isNew = try Self.prepare(path, keys, now)
            keyring = try keys.open()
        } catch let error as KeyFolderError {
            throw .keys(error)
        } catch let error as FileError {
            throw .file(error)
        } catch let error as StorageRootError {
            throw error
        } catch {
            preconditionFailure("preparing a store throws nothing else: \(error)")
        }
    }

    /// Sees to it that there is a store that a daemon has made.
    package static func expect(at path: FilePath) throws(StorageRootError) {
        do {
            try expectWhole(path)
            guard try marker(of: path) != nil else { throw StorageRootError.notAStore(path) }
            try expectIndex(StoreFolders(at: path))
        } catch let error as FileError {
            throw .file(error)
        } catch let error as StorageRootError {
            throw error
        } catch {
            preconditionFailure("reading a marker throws nothing else: \(error)")
        }
    }

    /// What tells a store, and its backups, from every other; `nil` where there is none.
    package static func identity(of path: FilePath) throws(StorageRootError) -> UUID? {
        do {
            return try marker(of: path)?.store
        } catch let error as StorageRootError {
            throw error
        } catch let error as FileError {
            throw .file(error)
        } catch {
            preconditionFailure("reading a marker throws nothing else: \(error)")
        }
    }

    /// What is still being copied is no store yet, whatever there is of it.
    private static func expectWhole(_ path: FilePath) throws {
        guard !DurableFile.exists(StoreFolders(at: path).unfinished) else { throw StorageRootError.unfinished(path) }
    }

    /// A store without an index has either nothing in it yet, or has lost it.
    private static func expectIndex(_ folders: StoreFolders) throws {
        guard !DurableFile.exists(folders.index) else { return }
        let (places, gathered) = DirectoryBlobStore.folders(in: folders.blobs)
        for folder in [places, gathered, folders.records] where DurableFile.exists(folder) {
            guard try Directory.names(in: folder).isEmpty else { throw StorageRootError.indexMissing(folders.index) }
        }
    }

    private struct Marker: Codable {
        /// Says nothing, and tells two stores apart.
        let store: UUID
        let createdAt: Date
    }

    private static func prepare(_ path: FilePath, _ keys: KeyFolder, _ now: Date) throws -> Bool {
        guard try marker(of: path) == nil else { return false }
        guard !DurableFile.exists(path.appending("index.sqlite")) else { throw StorageRootError.markerMissing(path) }
        try keys.make(at: now)
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let marker = Marker(store: UUID(), createdAt: now)
        try DurableFile.write(Array(try encoder.encode(marker)), to: path.appending("store.json"))
        return true
    }

    private static func marker(of path: FilePath) throws -> Marker? {
        guard let bytes = try DurableFile.read(path.appending("store.json")) else { return nil }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do {
            return try decoder.decode(Marker.self, from: Data(bytes))
        } catch {
            throw StorageRootError.markerDamaged(path)
        }
    }
}

/// Where what lies in a store.
package struct StoreFolders: Sendable {
    package let root: FilePath

    package init(at root: FilePath) { self.root = root }

    package var index: FilePath { root.appending("index.sqlite") }
    package var blobs: FilePath { root.appending("blobs") }
    package var uploads: FilePath { root.appending("uploads") }
    package var records: FilePath { root.appending("records") }
    package var keys: FilePath { root.appending("keys") }
    /// Says that a copy of a store, a backup or a restored one, is not whole yet.
    package var unfinished: FilePath { root.appending("unfinished") }

    /// The folders of everything that is sealed.
    package var sealed: [FilePath] { [blobs, uploads, records] }
}

/// Why a store cannot be used. Each says what to do.
package enum StorageRootError: Error, CustomStringConvertible {
    case inUse(FilePath)
    case notAStore(FilePath)
    case unfinished(FilePath)
    case markerMissing(FilePath)
    case indexMissing(FilePath)
    case markerDamaged(FilePath)
    case keys(KeyFolderError)
    case file(FileError)

    package var description: String {
        switch self {
        case .inUse(let path): "Another keepsake is using \(path). Stop it first, or choose another --storage."
        case .notAStore(let path):
            "There is no store in \(path) yet. Start “keepsake serve” there once, or choose another --storage."
        case .unfinished(let path):
            "\(path) holds a copy of a store that is not whole yet. Run the “keepsake backup” or “keepsake restore” "
                + "that makes it again, and let it come to its end."
        case .markerMissing(let path):
            "\(path) has an index but no store.json, so it may be the wrong folder. Restore store.json from the backup."
        case .indexMissing(let index):
            "The index \(index) is missing, and the stored files are there. Restore it from the backup, or make it "
                + "anew with “keepsake index rebuild”."
        case .markerDamaged(let path): "\(path)/store.json cannot be read. Restore it from the backup."
        case .keys(let error): error.description
        case .file(let error): "The storage cannot be used: \(error)."
        }
    }
}
