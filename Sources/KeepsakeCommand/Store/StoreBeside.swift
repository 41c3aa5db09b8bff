import Linking
import Receiving
import Sealing
import Storing
import SystemPackage

/// A store as commands use it beside a daemon that may be running.
struct StoreBeside {
    let folders: StoreFolders
    let keys: KeyFolder
    let keyring: Keyring
    let catalogue: SQLiteCatalogue
    let blobs: DirectoryBlobStore
    let uploads: DirectoryUploadStore
    let places: PlaceStore

    /// - Throws: an error that says what to do if there is no store, or its keys do not open it.
    init(_ settings: Settings) throws {
        try StorageRoot.expect(at: settings.storage)
        folders = StoreFolders(at: settings.storage)
        keys = KeyFolder(of: settings.storage, source: settings.rootKey)
        keyring = try keys.open()
        catalogue = try SQLiteCatalogue(path: folders.index.string)
        blobs = try DirectoryBlobStore(root: folders.blobs, keyring: keyring)
        uploads = try DirectoryUploadStore(root: folders.uploads, keyring: keyring)
        places = PlaceStore(RecordStore(root: folders.records, keyring: keyring))
    }
}
