package import Artefacts
package import DurableFiles
package import Sealing
package import SystemPackage

/// Uploads as files of one folder: `<id>.spool` holds the sealed bytes,
/// `<id>.upload` says what is known of them (see ``UploadLog``). A spool without
/// a log is transient.
package struct DirectoryUploadStore: UploadStore {
    private let root: FilePath
    private let keyring: Keyring
    private static let spoolSuffix = ".spool"
    private static let logSuffix = ".upload"
    private static let largestLog = 4 << 20

    /// Uses `root`, which is made if it is not there.
    package init(root: FilePath, keyring: Keyring) throws(FileError) {
        self.root = root
        self.keyring = keyring
        try Directory.create(root)
    }

    /// Order: spool made → log written and synced beside its name → rename →
    /// fsync of the folder, which names both.
    package func create(_ declaration: UploadDeclaration) async throws(UploadStoreError) -> any UploadSpool {
        let (spool, log, keyring) = (spool(declaration.id), log(declaration.id), keyring)
        return try await perform { () throws(FileError) in
            // The log is what makes the upload be there: it comes second.
            let file = try DirectoryUploadSpool(creating: spool, keyring: keyring)
            file.keepLog(try UploadLogFile(creating: log, declaration))
            return file
        }
    }

    package func createTransient(_ id: UploadID) async throws(UploadStoreError) -> any UploadSpool {
        let (spool, keyring) = (spool(id), keyring)
        return try await perform { () throws(FileError) in
            try DirectoryUploadSpool(creating: spool, keyring: keyring)
        }
    }

    package func upload(_ id: UploadID) async throws(UploadStoreError) -> StoredUpload? {
        guard let history = try await readLog(of: id)?.history else { return nil }
        return StoredUpload(
            declaration: history.declaration, offset: history.offset, received: history.received, staged: spool(id))
    }

    package func uploads() async throws(UploadStoreError) -> [StoredUpload] {
        var uploads: [StoredUpload] = []
        for name in try await names() where name.hasSuffix(Self.logSuffix) {
            guard let id = UploadID(parsing: name.dropLast(Self.logSuffix.count)) else { continue }
            if let upload = try await upload(id) { uploads.append(upload) }
        }
        return uploads
    }

    package func open(_ id: UploadID) async throws(UploadStoreError) -> any UploadSpool {
        guard let known = try await readLog(of: id) else { throw .missing(id) }
        let (spool, log, keyring) = (spool(id), log(id), keyring)
        return try await perform { () throws(FileError) in
            try DirectoryUploadSpool(
                reopening: spool, log: try UploadLogFile(reopening: log, known), history: known.history,
                keyring: keyring)
        }
    }

    package func remove(_ id: UploadID) async throws(UploadStoreError) {
        let (spool, log) = (spool(id), log(id))
        try await perform { () throws(FileError) in
            // The log first: a spool alone is swept at the next start.
            try DurableFile.remove(log)
            try DurableFile.remove(spool)
        }
    }

    package func sweepTransient() async throws(UploadStoreError) -> Int {
        let names = Set(try await names())
        let orphans = names.filter { name in
            if name.hasSuffix(Self.spoolSuffix) {
                !names.contains(name.dropLast(Self.spoolSuffix.count) + Self.logSuffix)
            } else {
                name.hasSuffix(".new")
            }
        }
        let root = root
        try await perform { () throws(FileError) in
            for name in orphans { try DurableFile.remove(root.appending(name)) }
        }
        return orphans.count
    }

    package func freeBytes() async throws(UploadStoreError) -> Int64 {
        let root = root
        return try await perform { () throws(FileError) in try Directory.freeBytes(at: root) }
    }

    private func spool(_ id: UploadID) -> FilePath { root.appending("\(id)\(Self.spoolSuffix)") }

    private func log(_ id: UploadID) -> FilePath { root.appending("\(id)\(Self.logSuffix)") }

    private func names() async throws(UploadStoreError) -> [String] {
        let root = root
        return try await perform { () throws(FileError) in try Directory.names(in: root) }
    }

    private func readLog(of id: UploadID) async throws(UploadStoreError) -> UploadLog? {
        let path = log(id)
        let bytes = try await perform { () throws(FileError) in
            try DurableFile.read(path, upTo: Self.largestLog)
        }
        return bytes.flatMap(UploadLog.init)
    }
}

/// Does file work off the cooperative threads, in the words of the upload store.
func perform<Value: Sendable>(
    _ work: @escaping @Sendable () throws(FileError) -> Value
) async throws(UploadStoreError) -> Value {
    do {
        return try await blocking(work)
    } catch {
        throw error.isOutOfSpace ? .noSpace : .file(reason: error.description)
    }
}
