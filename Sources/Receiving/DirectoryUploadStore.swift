package import Artefacts
package import DurableFiles
package import FoundationEssentials
package import NIOCore
package import Sealing
package import SystemPackage

/// Uploads as files of one folder: `<id>.spool` holds the sealed bytes,
/// `<id>.upload` says what is known of them (see ``UploadLog``), and is called
/// `<id>.ended` once that is all. A spool without a log is transient.
package struct DirectoryUploadStore: UploadStore {
    private let root: FilePath
    private let keyring: Keyring
    private let settled = SettledLogs()
    private static let spoolSuffix = ".spool"
    private static let logSuffix = ".upload"
    private static let endedSuffix = ".ended"
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
        let (id, spool, log) = (declaration.id, spool(declaration.id), log(declaration.id))
        return try await perform { [keyring, settled] () throws(FileError) in
            // The log is what makes the upload be there: it comes second.
            let file = DirectoryUploadSpool(toCreate: spool, keyring: keyring)
            try file.create()
            file.keepLog(try UploadLogFile(creating: log, declaration), whenSuspect: { settled.remove(id) })
            settled.insert(id)
            return file
        }
    }

    package func createTransient(_ id: UploadID) async throws(UploadStoreError) -> any UploadSpool {
        DirectoryUploadSpool(toCreate: spool(id), keyring: keyring)
    }

    package func upload(_ id: UploadID) async throws(UploadStoreError) -> StoredUpload? {
        try await settle(id)
        guard let history = try await readLog(of: id)?.history else { return nil }
        return stored(id, history)
    }

    private func stored(_ id: UploadID, _ history: UploadLog.History) -> StoredUpload {
        StoredUpload(
            declaration: history.declaration, length: history.length, offset: history.offset,
            received: history.received, staged: spool(id))
    }

    package func uploads() async throws(UploadStoreError) -> [StoredUpload] {
        var uploads: [StoredUpload] = []
        for name in try await names() where name.hasSuffix(Self.logSuffix) {
            guard let id = UploadID(parsing: name.dropLast(Self.logSuffix.count)) else { continue }
            if let history = try await readLog(of: id)?.history { uploads.append(stored(id, history)) }
        }
        return uploads
    }

    package func open(_ id: UploadID) async throws(UploadStoreError) -> any UploadSpool {
        try await settle(id)
        guard let known = try await readLog(of: id) else { throw .missing(id) }
        let (spool, log) = (spool(id), log(id))
        return try await perform { [keyring, settled] () throws(FileError) in
            let file = try DirectoryUploadSpool(reopening: spool, history: known.history, keyring: keyring)
            file.keepLog(try UploadLogFile(reopening: log, known), whenSuspect: { settled.remove(id) })
            return file
        }
    }

    /// Sees to it that what the log says is on stable storage: what is not is
    /// forgotten. The bytes that it speaks of were synced before it spoke of them.
    private func settle(_ id: UploadID) async throws(UploadStoreError) {
        guard !settled.contains(id) else { return }
        let log = log(id)
        try await perform { [settled] () throws(FileError) in
            // To sync a file it need not be open for writing; it may end meanwhile.
            guard let file = try OpenFile(reading: log) else { return }
            try file.synchroniseData()
            file.forgetCached()
            settled.insert(id)
        }
    }

    package func bytes(_ range: Range<Int64>, of id: UploadID) async throws(UploadStoreError) -> ByteBuffer {
        let (spool, keyring) = (spool(id), keyring)
        let bytes: ByteBuffer? = try await perform { () throws(FileError) in
            guard let file = try OpenFile(reading: spool) else { return nil }
            let size = try file.size()
            return try readingSealed(spool) {
                let reader = try SealedReader(fileSize: size, keyring: keyring) { try file.read(at: $0, into: $1) }
                var bytes = ByteBufferAllocator().buffer(capacity: range.count)
                try reader.read(range) { bytes.writeBytes($0) }
                return bytes
            }
        }
        guard let bytes else { throw .missing(id) }
        return bytes
    }

    package func end(_ id: UploadID) async throws(UploadStoreError) {
        let (spool, log, ended) = (spool(id), log(id), ended(at: id))
        settled.remove(id)
        try await perform { () throws(FileError) in
            if DurableFile.exists(log) { try DurableFile.move(log, to: ended) }
            try DurableFile.remove(spool)
        }
    }

    package func ended(_ id: UploadID) async throws(UploadStoreError) -> UploadDeclaration? {
        try await readLog(ended(at: id))?.history.declaration
    }

    package func forgetEnded(before instant: Date) async throws(UploadStoreError) -> Int {
        var count = 0
        for name in try await names() where name.hasSuffix(Self.endedSuffix) {
            let path = root.appending(name)
            if let declaration = try await readLog(path)?.history.declaration, declaration.expiresAt >= instant {
                continue
            }
            try await perform { () throws(FileError) in try DurableFile.remove(path) }
            count += 1
        }
        return count
    }

    package func remove(_ id: UploadID) async throws(UploadStoreError) {
        let (spool, log) = (spool(id), log(id))
        settled.remove(id)
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

    private func ended(at id: UploadID) -> FilePath { root.appending("\(id)\(Self.endedSuffix)") }

    private func names() async throws(UploadStoreError) -> [String] {
        let root = root
        return try await perform { () throws(FileError) in try Directory.names(in: root) }
    }

    private func readLog(of id: UploadID) async throws(UploadStoreError) -> UploadLog? { try await readLog(log(id)) }

    private func readLog(_ path: FilePath) async throws(UploadStoreError) -> UploadLog? {
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

/// Reads a sealed file, saying in the words of files what is wrong with it.
func readingSealed<Value>(_ path: FilePath, _ work: () throws -> Value) throws(FileError) -> Value {
    do {
        return try work()
    } catch let error as FileError {
        throw error
    } catch {
        throw FileError("opening a segment (\(error))", path, .ioError)
    }
}
