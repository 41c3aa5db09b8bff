internal import DurableFiles
package import Sealing
package import SystemPackage

/// Which store keys the sealed files of a store need.
package enum KeyUse {
    /// For each store key, how many sealed files name it in their headers.
    ///
    /// Looks at every file below the folders, and passes over those that are
    /// not sealed. Takes as long as opening each file once.
    package static func count(in folders: [FilePath]) throws(KeyFolderError) -> [KeyID: Int] {
        var counts: [KeyID: Int] = [:]
        do {
            for folder in folders { try count(in: folder, &counts) }
        } catch {
            throw .file(error)
        }
        return counts
    }

    private static func count(in folder: FilePath, _ counts: inout [KeyID: Int]) throws(FileError) {
        guard DurableFile.exists(folder) else { return }
        for name in try Directory.names(in: folder) {
            let path = folder.appending(name)
            if try FileStatus(of: path)?.isFolder == true {
                try count(in: path, &counts)
            } else if let key = try key(of: path) {
                counts[key, default: 0] += 1
            }
        }
    }

    private static func key(of path: FilePath) throws(FileError) -> KeyID? {
        // It may have been removed meanwhile.
        guard let file = try OpenFile(reading: path) else { return nil }
        return SealedHeader(try file.read(at: 0, count: SealedHeader.size))?.storeKeyID
    }
}
