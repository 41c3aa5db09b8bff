package import Artefacts
package import DurableFiles
package import NIOCore
internal import Synchronization
package import SystemPackage

/// Uploads as files of one folder: `<id>.spool` holds the bytes, `<id>.upload`
/// says what is known of them (see ``UploadLog``). A spool without a log is
/// transient.
package struct DirectoryUploadStore: UploadStore {
    private let root: FilePath
    private static let spoolSuffix = ".spool"
    private static let logSuffix = ".upload"
    /// One line of a log for each commit, and a commit at least every 1 KiB or so.
    private static let largestLog = 64 << 20

    /// Uses `root`, which is made if it is not there.
    package init(root: FilePath) throws(FileError) {
        self.root = root
        try Directory.create(root)
    }

    /// Order: spool made → log written and synced beside its name → rename →
    /// fsync of the folder, which names both.
    package func create(_ declaration: UploadDeclaration) async throws(UploadStoreError) -> any UploadSpool {
        let line = try Self.encoded(.declared(declaration))
        let (spool, log) = (spool(declaration.id), log(declaration.id))
        return try await perform { () throws(FileError) in
            let file = try OpenFile(creating: spool)
            try DurableFile.write(line, to: log)
            return DirectoryUploadSpool(
                staged: spool, file: file, log: try OpenFile(writing: log), logSize: Int64(line.count))
        }
    }

    package func createTransient(_ id: UploadID) async throws(UploadStoreError) -> any UploadSpool {
        let spool = spool(id)
        return try await perform { () throws(FileError) in
            DirectoryUploadSpool(staged: spool, file: try OpenFile(creating: spool), log: nil, logSize: 0)
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
        let (spool, log, offset, logSize) = (spool(id), log(id), known.history.offset, known.size)
        return try await perform { () throws(FileError) in
            let (file, logFile) = (try OpenFile(writing: spool), try OpenFile(writing: log))
            if try logFile.size() > logSize { try logFile.truncate(to: logSize) }
            if try file.size() > offset { try file.truncate(to: offset) }
            return DirectoryUploadSpool(staged: spool, file: file, log: logFile, logSize: logSize)
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

    static func encoded(_ line: UploadLog.Line) throws(UploadStoreError) -> [UInt8] {
        do { return try UploadLog.bytes(of: line) } catch { throw .file(reason: "encoding: \(error)") }
    }
}

/// Does file work off the cooperative threads, in the words of the upload store.
private func perform<Value: Sendable>(
    _ work: @escaping @Sendable () throws(FileError) -> Value
) async throws(UploadStoreError) -> Value {
    do {
        return try await blocking(work)
    } catch {
        throw error.isOutOfSpace ? .noSpace : .file(reason: error.description)
    }
}

/// One upload that is a file.
package final class DirectoryUploadSpool: UploadSpool {
    package let staged: FilePath
    private let file: OpenFile
    /// `nil` for a transient upload.
    private let log: OpenFile?
    /// Where the next line of the log begins.
    private let logSize: Mutex<Int64>

    fileprivate init(staged: FilePath, file: OpenFile, log: OpenFile?, logSize: Int64) {
        self.staged = staged
        self.file = file
        self.log = log
        self.logSize = Mutex(logSize)
    }

    package func write(_ buffers: [ByteBuffer], at offset: Int64) async throws(UploadStoreError) {
        try await perform { () throws(FileError) in try self.file.write(buffers, at: offset) }
    }

    /// Order: bytes synced → line appended → line synced. A transient upload
    /// has its bytes synced only, so that little is left to sync at its end.
    package func commit(_ offset: Int64) async throws(UploadStoreError) {
        try await append(.offset(offset))
    }

    /// Order: as ``commit(_:)``; a transient upload has its bytes synced only.
    package func complete(_ digest: Digest, size: Int64) async throws(UploadStoreError) {
        try await append(.received(digest: digest, size: size))
    }

    package func digester(of offset: Int64) async throws(UploadStoreError) -> Digester {
        var digester = Digester()
        var position: Int64 = 0
        while position < offset {
            let range = position..<min(position + 1 << 20, offset)
            let bytes = try await perform { () throws(FileError) in try self.file.read(range) }
            guard bytes.readableBytes == range.count else {
                throw .file(reason: "\(staged) ends before byte \(offset)")
            }
            bytes.withUnsafeReadableBytes { digester.update($0) }
            position = range.upperBound
        }
        return digester
    }

    private func append(_ line: UploadLog.Line) async throws(UploadStoreError) {
        let bytes = ByteBuffer(bytes: try DirectoryUploadStore.encoded(line))
        try await perform { () throws(FileError) in
            try self.file.synchroniseData()
            guard let log = self.log else { return }
            try self.logSize.withLock { (end) throws(FileError) in
                try log.write([bytes], at: end)
                try log.synchroniseData()
                end += Int64(bytes.readableBytes)
            }
        }
    }
}
