internal import DurableFiles
internal import SystemPackage

/// Copies small files that are replaced as a whole, such as records.
enum FileMirror {
    private static let largest = 64 << 20

    /// Copies every file below `source` that is not below `target` yet, or was
    /// changed since.
    ///
    /// Order: each file synced beside its name → rename; each folder synced once.
    static func update(_ target: FilePath, from source: FilePath) throws(FileError) {
        guard DurableFile.exists(source) else { return }
        try Directory.create(target)
        var isChanged = false
        for name in try Directory.names(in: source) where !name.hasSuffix(".new") {
            let (from, to) = (source.appending(name), target.appending(name))
            // Either may go while this looks.
            guard let status = try FileStatus(of: from) else { continue }
            if status.isFolder {
                try update(to, from: from)
            } else if try isOlder(to, than: status), let bytes = try DurableFile.read(from, upTo: largest) {
                try DurableFile.stage(bytes, for: to)
                isChanged = true
            }
        }
        if isChanged { try Directory.sync(target) }
    }

    private static func isOlder(_ path: FilePath, than source: FileStatus) throws(FileError) -> Bool {
        guard let status = try FileStatus(of: path) else { return true }
        return status.size != source.size || status.modifiedAt <= source.modifiedAt
    }
}
