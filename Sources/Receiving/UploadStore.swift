package import Artefacts
package import FoundationEssentials
package import NIOCore
package import SystemPackage

/// Where uploads lie while they come in.
///
/// Callers see to it that one upload is open at most once at a time; different
/// uploads may be used from many tasks at once.
///
/// Every conformance passes `UploadStoreConformance`.
package protocol UploadStore: Sendable {
    /// Makes room for a resumable upload and opens it; durable on return.
    func create(_ declaration: UploadDeclaration) async throws(UploadStoreError) -> any UploadSpool

    /// Makes room for bytes that come in one go and are lost with the process.
    /// Nothing is on the disk before the first of them is written.
    func createTransient(_ id: UploadID) async throws(UploadStoreError) -> any UploadSpool

    /// The upload as it would be found after a power cut, or `nil`.
    func upload(_ id: UploadID) async throws(UploadStoreError) -> StoredUpload?

    /// All resumable uploads, in no order.
    func uploads() async throws(UploadStoreError) -> [StoredUpload]

    /// Opens a resumable upload to go on with it. Bytes that were never
    /// committed are cut off.
    ///
    /// - Throws: `.missing` if there is none of that name.
    func open(_ id: UploadID) async throws(UploadStoreError) -> any UploadSpool

    /// Reads bytes of an upload that has all of them.
    ///
    /// - Throws: `.missing` if there is none of that name.
    func bytes(_ range: Range<Int64>, of id: UploadID) async throws(UploadStoreError) -> ByteBuffer

    /// Removes an upload that came to its end, and keeps what was declared of
    /// it until ``forgetEnded(before:)``. A transient one leaves nothing.
    ///
    /// Not durable: after a crash it can be there as before.
    func end(_ id: UploadID) async throws(UploadStoreError)

    /// What was declared of an upload that came to its end, or `nil`.
    func ended(_ id: UploadID) async throws(UploadStoreError) -> UploadDeclaration?

    /// Forgets uploads that ended, and that had expired by then; answers how many.
    func forgetEnded(before instant: Date) async throws(UploadStoreError) -> Int

    /// Removes an upload with its bytes; one that is not there is not an error.
    func remove(_ id: UploadID) async throws(UploadStoreError)

    /// Removes what belongs to no resumable upload; answers how many pieces
    /// there were. Only before the first upload is opened.
    func sweepTransient() async throws(UploadStoreError) -> Int

    /// Bytes that are free for uploads.
    func freeBytes() async throws(UploadStoreError) -> Int64
}

/// The growing bytes of one upload.
package protocol UploadSpool: Sendable {
    /// The file that holds the bytes. After ``complete(_:size:)`` it can become a blob.
    var staged: FilePath { get }

    /// Writes buffers one after the other from `offset` on. Not durable.
    func write(_ buffers: [ByteBuffer], at offset: Int64) async throws(UploadStoreError)

    /// Remembers the length of an upload that was begun without one; durable on return.
    func declare(length: Int64) async throws(UploadStoreError)

    /// Makes the first `offset` bytes durable and remembers that they are
    /// there. Offsets only grow. Of a transient upload nothing is remembered.
    ///
    /// - Parameter midstate: of a digester that has taken up to `offset`
    ///   bytes; spares ``digester(of:)`` reading those.
    func commit(_ offset: Int64, _ midstate: Midstate?) async throws(UploadStoreError)

    /// Writes the last buffers, if there are any, makes all bytes durable, and
    /// remembers that they are all there.
    func complete(
        writing buffers: [ByteBuffer], _ digest: Digest, size: Int64
    ) async throws(UploadStoreError)

    /// A digester that has taken the first `offset` bytes; reads those behind
    /// the last midstate that was committed.
    func digester(of offset: Int64) async throws(UploadStoreError) -> Digester

    /// The first bytes: so many, but 64 KiB at most, all of which must have been written.
    func head(_ count: Int) async throws(UploadStoreError) -> [UInt8]
}

/// An upload as it lies in the store.
package struct StoredUpload: Hashable, Sendable {
    package let declaration: UploadDeclaration
    /// Bytes promised, at the beginning or later; `nil` where the client has not said yet.
    package let length: Int64?
    /// Bytes that are durable.
    package let offset: Int64
    /// The digest of all bytes, once they are all there.
    package let received: Digest?
    /// Where the bytes lie, unless they have become a blob already.
    package let staged: FilePath

    package init(
        declaration: UploadDeclaration, length: Int64?, offset: Int64, received: Digest?, staged: FilePath
    ) {
        self.declaration = declaration
        self.length = length
        self.offset = offset
        self.received = received
        self.staged = staged
    }
}

/// Why an upload store did not do as asked.
package enum UploadStoreError: Error, Hashable {
    case missing(UploadID)
    case noSpace
    /// `reason` is for the log, never for a client.
    case file(reason: String)
}
