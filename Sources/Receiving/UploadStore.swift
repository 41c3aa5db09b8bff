package import Artefacts
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

    /// Makes the first `offset` bytes durable and remembers that they are
    /// there. Offsets only grow. Of a transient upload nothing is remembered.
    func commit(_ offset: Int64) async throws(UploadStoreError)

    /// Makes all bytes durable, and remembers that they are all there.
    func complete(_ digest: Digest, size: Int64) async throws(UploadStoreError)

    /// A digester that has taken the first `offset` bytes; reads them all.
    func digester(of offset: Int64) async throws(UploadStoreError) -> Digester
}

/// An upload as it lies in the store.
package struct StoredUpload: Hashable, Sendable {
    package let declaration: UploadDeclaration
    /// Bytes that are durable.
    package let offset: Int64
    /// The digest of all bytes, once they are all there.
    package let received: Digest?
    /// Where the bytes lie, unless they have become a blob already.
    package let staged: FilePath

    package init(declaration: UploadDeclaration, offset: Int64, received: Digest?, staged: FilePath) {
        self.declaration = declaration
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
