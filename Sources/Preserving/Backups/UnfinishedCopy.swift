internal import DurableFiles
internal import Storing
internal import SystemPackage

/// A folder that is on its way to be a copy of a store.
extension StoreFolders {
    private static let mark = "unfinished"

    /// Says that the copy is not whole yet.
    var unfinished: FilePath { root.appending(Self.mark) }

    /// Makes the folder, and says in it, before anything else is in it, that it is ours to fill.
    func markUnfinished() throws(FileError) {
        try Directory.create(root)
        try DurableFile.write(Array("This copy of a Keepsake store is not whole yet.\n".utf8), to: unfinished)
    }

    /// Whether a copy can begin there, or go on.
    var isEmptyOrUnfinished: Bool {
        get throws(FileError) {
            guard DurableFile.exists(root), !DurableFile.exists(unfinished) else { return true }
            // The mark itself may be what was not finished.
            return try Directory.names(in: root).allSatisfy { $0.hasPrefix(Self.mark) }
        }
    }
}
