internal import DurableFiles
internal import Storing
internal import SystemPackage

/// A folder that is on its way to be a copy of a store.
extension StoreFolders {
    /// Makes the folder, and says in it, before anything else is in it, that it is ours to fill.
    func markUnfinished() throws(FileError) {
        try Directory.create(root)
        try DurableFile.write(Array("This copy of a Keepsake store is not whole yet.\n".utf8), to: unfinished)
    }

    /// Says that the copy is whole. Durable on return: were the mark to come
    /// back, what was done with the copy since would be copied over.
    func markFinished() throws(FileError) {
        try DurableFile.remove(unfinished)
        try Directory.sync(root)
    }

    /// Whether a copy can begin there, or go on.
    var isEmptyOrUnfinished: Bool {
        get throws(FileError) {
            guard DurableFile.exists(root), !DurableFile.exists(unfinished) else { return true }
            // The mark itself may be what was not finished.
            return try Directory.names(in: root).allSatisfy { $0.hasPrefix("unfinished") }
        }
    }
}
