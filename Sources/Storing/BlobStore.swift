package import Artefacts
internal import DurableFiles
package import FoundationEssentials
package import NIOCore
package import SystemPackage

/// Where the bytes of artefacts live, addressed by digest.
///
/// A blob is wholly present or absent and never changes. A store may be called
/// from many tasks at once.
///
/// Every conformance passes `BlobStoreConformance`.
package protocol BlobStore: Sendable {
    /// Makes the staged file the blob `digest`; durable on return.
    ///
    /// The staged file is a sealed one (see `SealedLayout`) and must have been
    /// synced. It is gone afterwards, also where the blob was there already.
    /// Calling it again after a crash is not an error if the blob is there.
    ///
    /// - Throws: `.sizeMismatch` if the staged file, or the blob that is there,
    ///   has another size; `.damaged` if it is not the sealed file of that
    ///   digest; `.missing` if there is neither a staged file nor a blob.
    ///   Nothing is changed then.
    func adopt(_ staged: FilePath, as digest: Digest, size: Int64) async throws(BlobStoreError)

    /// The sealed file of this machine that holds the blob, for the inspector;
    /// `nil` where there is no such blob. Nobody may write to it.
    func localFile(of digest: Digest) async throws(BlobStoreError) -> FilePath?

    /// Opens a blob for reading, or `nil` where there is none.
    ///
    /// - Throws: `.damaged` if it can be seen at once that it is not what was stored.
    func open(_ digest: Digest) async throws(BlobStoreError) -> (any BlobReader)?

    /// Blobs in the order of their digests, after the given one; none only at the end.
    ///
    /// - Parameter limit: about how many.
    func list(after cursor: Digest?, limit: Int) async throws(BlobStoreError) -> [BlobListing]

    /// Removes a blob; one that is not there is not an error.
    func remove(_ digest: Digest) async throws(BlobStoreError)
}

/// A blob as the store lists it.
package struct BlobListing: Hashable, Sendable {
    package let digest: Digest
    /// Bytes that it takes up in the store.
    package let storedSize: Int64
    package let storedAt: Date

    package init(digest: Digest, storedSize: Int64, storedAt: Date) {
        self.digest = digest
        self.storedSize = storedSize
        self.storedAt = storedAt
    }
}

/// An open blob. Closed when the last reference goes.
package protocol BlobReader: Sendable {
    /// Bytes in the blob.
    var size: Int64 { get }

    /// Whether a blob that is opened now would be read from the same file,
    /// unchanged: not one that was removed, replaced or written to since.
    ///
    /// Costs no more than a look at the file.
    var isCurrent: Bool { get }

    /// The bytes of a half-open range that lies inside the blob.
    ///
    /// - Throws: `.damaged` if any segment of the range is not what was stored.
    func read(_ range: Range<Int64>) async throws(BlobStoreError) -> ByteBuffer

    /// Begins to read what ``read(_:)`` answers, on a thread of its own.
    func begin(_ range: Range<Int64>) -> BegunReading

    /// The digester after it has also taken the bytes of a range, which are
    /// nowhere else then.
    ///
    /// - Throws: as ``read(_:)``.
    func update(_ digester: Digester, with range: Range<Int64>) async throws(BlobStoreError) -> Digester
}

/// A piece of a blob that is being read while its reader does something else.
package struct BegunReading: Sendable {
    let work: BegunWork<ByteBuffer, BlobStoreError>

    /// The bytes, once they are there; to be asked for once.
    ///
    /// - Throws: as ``BlobReader/read(_:)``.
    package func bytes() async throws(BlobStoreError) -> ByteBuffer { try await work.value() }
}

/// Why a blob store did not do as asked.
package enum BlobStoreError: Error, Hashable {
    case sizeMismatch(expected: Int64, actual: Int64)
    case missing(Digest)
    /// The blob is there, and not wholly what was stored; `reason` says where it shows.
    case damaged(Digest, _ reason: String)
    case noSpace
    /// `reason` is for the log, never for a client.
    case file(reason: String)
}
