package import Artefacts
package import DurableFiles
internal import NIOCore
package import Sealing
internal import Synchronization
package import SystemPackage

/// Blobs as files of one folder: `sha256/9f/86/9f86d081…`, sealed, mode 0400.
package struct DirectoryBlobStore: BlobStore {
    private let root: FilePath
    private let keyring: Keyring
    private let folders = DurableFolders()

    /// Uses `root`, which is made if it is not there. Staged files must lie on
    /// the same file system, because they become blobs by rename.
    package init(root: FilePath, keyring: Keyring) throws(FileError) {
        self.root = root
        self.keyring = keyring
        try Directory.create(root.appending("sha256"))
    }

    /// Order: the staged file is synced already → its folders made, and each
    /// one's parent synced, unless that was done before → rename → fsync of
    /// the folder.
    ///
    /// A blob that is there is replaced: it has the same bytes, the new file
    /// was just written, and nothing tells from outside that it was there.
    package func adopt(_ staged: FilePath, as digest: Digest, size: Int64) async throws(BlobStoreError) {
        let (path, folders) = (path(of: digest), folders)
        try await perform {
            let folder = path.removingLastComponent()
            try folders.make(folder)
            if let file = try reader(of: staged, as: digest, size: size) {
                try file.makeReadOnly()
                try DurableFile.publish(staged, as: path)
            } else {
                guard try reader(of: path, as: digest, size: size) != nil else { throw BlobStoreError.missing(digest) }
                // Whoever put it there may have died before this.
                try Directory.sync(folder)
            }
        }
    }

    package func open(_ digest: Digest) async throws(BlobStoreError) -> (any BlobReader)? {
        let path = path(of: digest)
        return try await perform {
            guard let file = try OpenFile(reading: path) else { return nil }
            return try DirectoryBlobReader(try sealed(file, digest), file)
        }
    }

    package func localFile(of digest: Digest) async throws(BlobStoreError) -> FilePath? {
        let path = path(of: digest)
        return await blocking { DurableFile.exists(path) } ? path : nil
    }

    package func list(after cursor: Digest?, limit: Int) async throws(BlobStoreError) -> [BlobListing] {
        let folder = root.appending("sha256")
        let after = cursor?.hex ?? ""
        return try await perform {
            var listings: [BlobListing] = []
            for first in try Directory.names(in: folder).sorted() where first >= after.prefix(2) {
                for second in try Directory.names(in: folder.appending(first)).sorted()
                where first + second >= after.prefix(4) {
                    let shard = folder.appending(first).appending(second)
                    for name in try Directory.names(in: shard).sorted()
                    where name > after && name.hasPrefix(first + second) {
                        if let listing = try Self.listing(name, in: shard) { listings.append(listing) }
                    }
                    if listings.count >= limit { return listings }
                }
            }
            return listings
        }
    }

    private static func listing(_ name: String, in shard: FilePath) throws -> BlobListing? {
        guard let digest = try? Digest(hex: name), let status = try FileStatus(of: shard.appending(name)) else {
            return nil
        }
        return BlobListing(digest: digest, storedSize: status.size, storedAt: status.changedAt)
    }

    package func remove(_ digest: Digest) async throws(BlobStoreError) {
        let path = path(of: digest)
        try await perform { try DurableFile.removeDurably(path) }
    }

    /// The file, once it was seen to be the sealed file of that digest and
    /// size; `nil` where there is none.
    private func reader(of path: FilePath, as digest: Digest, size: Int64) throws -> OpenFile? {
        guard let file = try OpenFile(reading: path) else { return nil }
        let actual = try sealed(file, digest).size
        guard actual == size else { throw BlobStoreError.sizeMismatch(expected: size, actual: actual) }
        return file
    }

    private func sealed(_ file: OpenFile, _ digest: Digest) throws -> SealedReader {
        do {
            let reader = try SealedReader(file, keyring: keyring)
            // Sealed with its bytes: another blob's file under this name shows.
            guard reader.digest == digest else { throw BlobStoreError.damaged(digest, "it is another file") }
            return reader
        } catch let error as SealedFileError {
            throw BlobStoreError.damaged(digest, error.description)
        }
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
}

/// Does file work off the cooperative threads, in the words of the blob store.
private func perform<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
) async throws(BlobStoreError) -> Value {
    try await blocking { () throws(BlobStoreError) in try translating(work) }
}

private func translating<Value>(_ work: () throws -> Value) throws(BlobStoreError) -> Value {
    do {
        return try work()
    } catch let error as BlobStoreError {
        throw error
    } catch let error as FileError {
        throw error.isOutOfSpace ? .noSpace : .file(reason: error.description)
    } catch {
        throw .file(reason: "\(error)")
    }
}

/// Folders of blobs that are known to be in their parents on stable storage.
///
/// One that is there may have been made a moment ago by somebody who has not
/// synced it yet, or by a daemon that never came to it: each is synced once by
/// this process before a blob in it is acknowledged.
private final class DurableFolders: Sendable {
    private let known = Mutex<Set<FilePath>>([])

    /// Makes the two folders of a digest, the outer one first. Durable on return.
    func make(_ folder: FilePath) throws(FileError) {
        if isKnown(folder) { return }
        for folder in [folder.removingLastComponent(), folder] where !isKnown(folder) {
            try Directory.make(folder)
            try Directory.sync(folder.removingLastComponent())
            known.withLock { _ = $0.insert(folder) }
        }
    }

    private func isKnown(_ folder: FilePath) -> Bool { known.withLock { $0.contains(folder) } }
}

/// One blob that is a file.
private struct DirectoryBlobReader: BlobReader {
    private let sealed: SealedReader
    private let file: OpenFile
    private let status: FileStatus

    /// Bytes that are opened in less time than it takes to change threads and back.
    private static let small = 128 << 10

    var size: Int64 { sealed.size }

    /// A file that is removed or replaced loses its name, and one that gets another name is changed by that.
    var isCurrent: Bool { status.names > 0 && (try? file.status()) == status }

    init(_ sealed: SealedReader, _ file: OpenFile) throws(FileError) {
        self.sealed = sealed
        self.file = file
        status = try file.status()
    }

    func read(_ range: Range<Int64>) async throws(BlobStoreError) -> ByteBuffer {
        if range.count <= Self.small, let bytes = cached(range) { return bytes }
        return try await begin(range).bytes()
    }

    func begin(_ range: Range<Int64>) -> BegunReading {
        let sealed = sealed
        return BegunReading(
            work: BegunWork { () throws(BlobStoreError) in
                try Self.reading(sealed) { sealed in
                    var buffer = ByteBufferAllocator().buffer(capacity: range.count)
                    try sealed.read(range) { buffer.writeBytes($0) }
                    return buffer
                }
            })
    }

    /// The bytes if no disk has to be waited for and nothing is wrong with
    /// them; otherwise the long way finds out what is.
    private func cached(_ range: Range<Int64>) -> ByteBuffer? {
        var buffer = ByteBufferAllocator().buffer(capacity: range.count)
        let segments = sealed.segments { [file] position, bytes in
            guard file.readCached(at: position, into: bytes) else { throw NotCached() }
            return bytes.count
        }
        guard (try? segments.read(range) { buffer.writeBytes($0) }) != nil else { return nil }
        return buffer
    }

    private struct NotCached: Error {}

    func update(_ digester: Digester, with range: Range<Int64>) async throws(BlobStoreError) -> Digester {
        let sealed = sealed
        return try await blocking { () throws(BlobStoreError) in
            try Self.reading(sealed) { sealed in
                var digester = digester
                try sealed.read(range) { digester.update($0) }
                return digester
            }
        }
    }

    private static func reading<Value>(
        _ sealed: SealedReader, _ work: (SealedReader) throws -> Value
    ) throws(BlobStoreError) -> Value {
        try translating {
            do {
                return try work(sealed)
            } catch let error as SealedFileError {
                throw BlobStoreError.damaged(sealed.digest, error.description)
            }
        }
    }
}
