package import Artefacts
package import DurableFiles
internal import NIOCore
package import Sealing
internal import Synchronization
package import SystemPackage

/// Blobs as files of one folder: `sha256/9f/86/9f86d081…`, sealed, mode 0400.
///
/// When many come at once, their folders, each with a sync of its own, would
/// cost more than their bytes: they are gathered in the one folder `new`, and
/// placed in theirs later. A blob that lies there is a blob like any other, and
/// goes before one in its place: it is the younger.
package struct DirectoryBlobStore: BlobStore {
    private let places: FilePath
    private let gathering: FilePath
    private let keyring: Keyring
    private let gathers: @Sendable () -> Bool
    private let folders = DurableFolders()
    private let gatheredSync: SharedSync

    /// Uses `root`, which is made if it is not there. Staged files must lie on
    /// the same file system, because they become blobs by rename.
    ///
    /// - Parameter gathers: whether so many blobs come that they are to be
    ///   gathered. Whoever says so sees to it that they are placed.
    package init(
        root: FilePath, keyring: Keyring, gathers: @escaping @Sendable () -> Bool = { false }
    ) throws(FileError) {
        places = Self.folders(in: root).places
        gathering = Self.folders(in: root).gathered
        gatheredSync = SharedSync(of: gathering)
        self.keyring = keyring
        self.gathers = gathers
        try Directory.create(places)
        try Directory.create(gathering)
    }

    /// Where blobs lie below the folder of a store's blobs.
    static func folders(in root: FilePath) -> (places: FilePath, gathered: FilePath) {
        (root.appending("sha256"), root.appending("new"))
    }

    /// Order: the staged file is synced already → its folders made, and each
    /// one's parent synced, unless that was done before → rename → fsync of
    /// the folder. Where blobs are gathered: rename → fsync of the one folder,
    /// begun after the rename and shared by all who wait for it; it was synced
    /// into its parent when the store was opened.
    ///
    /// A blob that is there is replaced: it has the same bytes, the new file
    /// was just written, and nothing tells from outside that it was there.
    package func adopt(_ staged: FilePath, as digest: Digest, size: Int64) async throws(BlobStoreError) {
        let (place, gathered, folders, gathers) = (place(of: digest), gathered(digest), folders, gathers())
        try await perform {
            guard let file = try reader(of: staged, as: digest, size: size) else {
                guard
                    let path = try [gathered, place].first(where: { path in
                        try reader(of: path, as: digest, size: size) != nil
                    })
                else { throw BlobStoreError.missing(digest) }
                // Whoever put it there may have died before this.
                if path == place { try folders.make([place.removingLastComponent()]) }
                return try Directory.sync(path.removingLastComponent())
            }
            try file.makeReadOnly()
            if gathers {
                try DurableFile.move(staged, to: gathered)
                return try gatheredSync.sync()
            }
            try folders.make([place.removingLastComponent()])
            try DurableFile.publish(staged, as: place)
            try DurableFile.removeDurably(gathered)
        }
    }

    /// Places blobs that were gathered, so many at most; answers how many.
    ///
    /// Order: their folders made, and each one's parent synced → each linked
    /// into its folder → each folder synced, once for all blobs in it →
    /// unlinked where they were gathered. So each has a name on stable storage
    /// at any time, and after a crash those that have two are placed again.
    package func placeGathered(limit: Int) async throws(BlobStoreError) -> Int {
        let folders = folders
        return try await perform {
            let digests = try Directory.names(in: gathering).compactMap { try? Digest(hex: $0) }.prefix(limit)
            let touched = Set(digests.map { place(of: $0).removingLastComponent() })
            try folders.make(touched)
            for digest in digests { try link(digest) }
            for folder in touched { try Directory.sync(folder) }
            for digest in digests { try DurableFile.remove(gathered(digest)) }
            return digests.count
        }
    }

    /// Gives a gathered blob its name in its place. Not durable; one that was removed meanwhile is not an error.
    private func link(_ digest: Digest) throws(FileError) {
        let (gathered, place) = (gathered(digest), place(of: digest))
        do {
            guard try !DurableFile.link(gathered, as: place),
                try FileStatus(of: gathered)?.inode != FileStatus(of: place)?.inode
            else { return }
            // What is there is an older file of the same bytes, or the file system knows no second names.
            try DurableFile.move(gathered, to: place)
        } catch  where error.errno == .noSuchFileOrDirectory {
            return
        }
    }

    package func open(_ digest: Digest) async throws(BlobStoreError) -> (any BlobReader)? {
        let (place, gathered) = (place(of: digest), gathered(digest))
        return try await perform {
            // In this order nobody misses one that is being placed.
            guard let file = try OpenFile(reading: gathered) ?? OpenFile(reading: place) else { return nil }
            return try DirectoryBlobReader(try sealed(file, digest), file)
        }
    }

    /// In its place, where it stays.
    package func localFile(of digest: Digest) async throws(BlobStoreError) -> FilePath? {
        let (place, gathered, folders) = (place(of: digest), gathered(digest), folders)
        return try await perform {
            if DurableFile.exists(gathered) {
                try folders.make([place.removingLastComponent()])
                try link(digest)
            }
            return DurableFile.exists(place) ? place : nil
        }
    }

    package func list(after cursor: Digest?, limit: Int) async throws(BlobStoreError) -> [BlobListing] {
        let folder = places
        let after = cursor?.hex ?? ""
        return try await perform {
            // First, so that nobody misses one that is being placed.
            let waiting = try Directory.names(in: gathering)
            var listings: [BlobListing] = []
            for first in try Self.names(in: folder, and: waiting.map { String($0.prefix(2)) })
            where first >= after.prefix(2) {
                let seconds = waiting.filter { $0.hasPrefix(first) }.map { String($0.dropFirst(2).prefix(2)) }
                for second in try Self.names(in: folder.appending(first), and: seconds)
                where first + second >= after.prefix(4) {
                    let shard = folder.appending(first).appending(second)
                    let names = try Self.names(in: shard, and: waiting.filter { $0.hasPrefix(first + second) })
                    for name in names where name > after && name.hasPrefix(first + second) {
                        if let listing = try listing(name) { listings.append(listing) }
                    }
                    if listings.count >= limit { return listings }
                }
            }
            return listings
        }
    }

    /// The names in a folder, if it is there, and others, sorted, each once.
    private static func names(in folder: FilePath, and others: [String]) throws(FileError) -> [String] {
        Set(DurableFile.exists(folder) ? try Directory.names(in: folder) : []).union(others).sorted()
    }

    private func listing(_ name: String) throws -> BlobListing? {
        guard let digest = try? Digest(hex: name),
            let status = try FileStatus(of: gathered(digest)) ?? FileStatus(of: place(of: digest))
        else { return nil }
        return BlobListing(digest: digest, storedSize: status.size, storedAt: status.changedAt)
    }

    package func remove(_ digest: Digest) async throws(BlobStoreError) {
        let (place, gathered) = (place(of: digest), gathered(digest))
        try await perform {
            // In this order nobody who is placing it brings it back.
            try DurableFile.removeDurably(gathered)
            try DurableFile.removeDurably(place)
        }
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

    private func gathered(_ digest: Digest) -> FilePath { gathering.appending(digest.hex) }

    private func place(of digest: Digest) -> FilePath {
        let hex = digest.hex
        return
            places
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

    /// Makes the two folders of each digest, the outer ones first. Durable on return.
    func make(_ folders: Set<FilePath>) throws(FileError) {
        let inner = unknown(of: folders)
        let outer = unknown(of: Set(inner.map { $0.removingLastComponent() }))
        for level in [outer, inner] {
            for folder in level { try Directory.make(folder) }
            for parent in Set(level.map { $0.removingLastComponent() }) { try Directory.sync(parent) }
            known.withLock { $0.formUnion(level) }
        }
    }

    private func unknown(of folders: Set<FilePath>) -> Set<FilePath> { known.withLock { folders.subtracting($0) } }
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
