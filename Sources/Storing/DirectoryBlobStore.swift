package import Artefacts
package import DurableFiles
package import NIOCore
internal import Synchronization
package import SystemPackage

/// Blobs as files of one folder: `sha256/9f/86/9f86d081…`, plain bytes, mode 0400.
package struct DirectoryBlobStore: BlobStore {
    private let root: FilePath
    private let folders = DurableFolders()

    /// Uses `root`, which is made if it is not there. Staged files must lie on
    /// the same file system, because they become blobs by rename.
    package init(root: FilePath) throws(FileError) {
        self.root = root
        try Directory.create(root.appending("sha256"))
    }

    package func adopt(_ staged: FilePath, as digest: Digest, size: Int64) async throws(BlobStoreError) {
        let (path, folders) = (path(of: digest), folders)
        do {
            try await blocking { () throws(AdoptionFailure) in
                try Self.adopt(staged, as: path, size: size, folders)
            }
        } catch {
            switch error {
            case .size(let actual): throw .sizeMismatch(expected: size, actual: actual)
            case .missing: throw .missing(digest)
            case .file(let error): throw Self.translated(error)
            }
        }
    }

    package func open(_ digest: Digest) async throws(BlobStoreError) -> (any BlobReader)? {
        let path = path(of: digest)
        do {
            return try await blocking { () throws(FileError) in
                guard let file = try OpenFile(reading: path) else { return nil }
                return DirectoryBlobReader(file: file, size: try file.size(), digest: digest)
            }
        } catch {
            throw Self.translated(error)
        }
    }

    package func localFile(of digest: Digest) async throws(BlobStoreError) -> FilePath? {
        let path = path(of: digest)
        return await blocking { DurableFile.exists(path) } ? path : nil
    }

    private func path(of digest: Digest) -> FilePath {
        let hex = digest.hex
        return
            root
            .appending("sha256")
            .appending(String(hex.prefix(2)))
            .appending(String(hex.dropFirst(2).prefix(2)))
            .appending(hex)
    }

    private enum AdoptionFailure: Error {
        case size(Int64)
        case missing
        case file(FileError)
    }

    /// Order: the staged file is synced already → rename → fsync of the folder.
    private static func adopt(
        _ staged: FilePath, as path: FilePath, size: Int64, _ folders: DurableFolders
    ) throws(AdoptionFailure) {
        do {
            let folder = path.removingLastComponent()
            try folders.make(folder)
            if let present = try OpenFile(reading: path) {
                try expect(size, of: present)
                // Whoever put it there may have died before this.
                try Directory.sync(folder)
                return try DurableFile.remove(staged)
            }
            guard let file = try OpenFile(reading: staged) else { throw AdoptionFailure.missing }
            try expect(size, of: file)
            try file.makeReadOnly()
            try DurableFile.publish(staged, as: path)
        } catch let error as FileError {
            throw .file(error)
        } catch let error as AdoptionFailure {
            throw error
        } catch {
            preconditionFailure("adopting throws nothing else: \(error)")
        }
    }

    private static func expect(_ size: Int64, of file: OpenFile) throws {
        let actual = try file.size()
        guard actual == size else { throw AdoptionFailure.size(actual) }
    }

    fileprivate static func translated(_ error: FileError) -> BlobStoreError {
        error.isOutOfSpace ? .noSpace : .file(reason: error.description)
    }
}

/// Folders of blobs that are known to be in their parents on stable storage.
///
/// One that is there may have been made a moment ago by somebody who has not
/// synced it yet, or by a daemon that never came to it: each is synced once by
/// this process before a blob in it is acknowledged.
private final class DurableFolders: Sendable {
    private let known = Mutex<Set<FilePath>>([])

    func make(_ folder: FilePath) throws(FileError) {
        if known.withLock({ $0.contains(folder) }) { return }
        try Directory.create(folder)
        let parent = folder.removingLastComponent()
        try Directory.sync(parent)
        try Directory.sync(parent.removingLastComponent())
        known.withLock { _ = $0.insert(folder) }
    }
}

/// One blob that is a file.
package struct DirectoryBlobReader: BlobReader {
    private let file: OpenFile
    package let size: Int64
    private let digest: Digest

    fileprivate init(file: OpenFile, size: Int64, digest: Digest) {
        self.file = file
        self.size = size
        self.digest = digest
    }

    package func read(_ range: Range<Int64>) async throws(BlobStoreError) -> ByteBuffer {
        let file = file
        let bytes: ByteBuffer
        do {
            bytes = try await blocking { () throws(FileError) in try file.read(range) }
        } catch {
            throw DirectoryBlobStore.translated(error)
        }
        guard bytes.readableBytes == range.count else { throw .damaged(digest) }
        return bytes
    }
}
