package import Artefacts
package import NIOCore

/// An upload that is coming in.
///
/// Bytes are gathered, then hashed and written while the next are gathered:
/// memory stays at two batches whatever the size.
package struct OpenUpload: Sendable {
    package let spool: any UploadSpool
    /// What has been written.
    package private(set) var state: UploadState
    /// What has been written and is still in the batch.
    private var incoming: UploadState
    private var digester: Digester
    private var batch = Batch()
    private var lastWrite: ContinuousClock.Instant = .now
    private var lastCommit: ContinuousClock.Instant = .now
    /// Bytes that are durable.
    package private(set) var committed: Int64
    /// Whether what comes in is kept only once all of it was checked.
    private var isProvisional = false
    /// Whether bytes are committed while more come in. Not where they can be
    /// had again at any time, so that an upload begins anew after a crash.
    package var commitsOnTheWay = true
    /// Told how many bytes are durable, each time that there are more.
    package var onCommit: (@Sendable (Int64) -> Void)?
    /// Reads the first bytes of an upload, 64 KiB at most.
    package typealias Head = @Sendable (_ count: Int) async throws -> [UInt8]
    /// Called once the first 64 KiB are there; may throw to take no more.
    package var onHead: (@Sendable (Head) async throws -> Void)?
    /// A batch that is being hashed and written while more bytes come in.
    private var writing: (count: Int, task: Task<Written, any Error>)?
    /// A commit that is on its way to the disk while more bytes come in.
    private var committing: (offset: Int64, task: Task<Void, any Error>)?

    // Often enough that little is lost with the process, and seldom enough
    // that the disk does more than sync.
    private static let commitInterval: Int64 = 32 << 20
    /// About two seconds, for each upload another time: many that began together are not to ask for the disk together.
    private let commitPause: Duration = .milliseconds(Int.random(in: 1500...2500))
    private static let headSize: Int64 = 64 << 10
    /// Time that a slow sender takes to fill a batch, at the least.
    private static let slowBatch: Duration = .milliseconds(250)
    /// A sender whose bytes come in less than this is a slow one: it costs
    /// little time to write them at once, and much memory to gather them.
    private static let slowRead = 32 << 10

    package init(spool: any UploadSpool, state: UploadState, digester: Digester) {
        self.spool = spool
        self.state = state
        self.incoming = state
        self.digester = digester
        committed = state.offset
    }

    /// The digest of the bytes written so far.
    package var digest: Digest { digester.digest }

    /// What has to be remembered to go on without reading the bytes again.
    package var checkpoint: UploadCheckpoint { UploadCheckpoint(offset: state.offset, digester: digester) }

    /// Takes the length of an upload that was begun without one; durable on return.
    ///
    /// - Throws: ``UploadRefusal`` if another is known, or there are more bytes.
    package mutating func promise(length: Int64) async throws {
        guard try state.promise(length: length) else { return }
        incoming = state
        try await spool.declare(length: length)
    }

    /// Takes the bytes of one request, and commits what came, also where the
    /// request ends before its time; of bytes that are checked nothing is kept
    /// then.
    ///
    /// - Throws: ``UploadRefusal`` if bytes come that may not; what the body
    ///   throws if the client goes away; ``UploadStoreError`` if they cannot be
    ///   written. In each case every byte up to ``committed`` is kept.
    package mutating func append<Body: AsyncSequence>(
        _ body: Body, leaving reserve: SpaceReserve, checking check: ChecksumCheck = ChecksumCheck()
    ) async throws where Body.Element == ByteBuffer {
        var check = check
        isProvisional = check.isProvisional
        do {
            for try await buffer in body {
                check.take(buffer)
                try await take(buffer, leaving: reserve)
            }
            try await check.end()
            isProvisional = false
        } catch {
            if isProvisional { throw error }
            switch error as? UploadStoreError {
            // Whatever ended the request, the bytes before it are good.
            case nil: try await write()
            // There is no room for a batch more.
            case .noSpace: break
            // The disk failed: nobody knows what of them it has.
            case .missing, .file: throw error
            }
            // Should this fail too, what ended the request is still what its client is to hear.
            try? await commit()
            throw error
        }
        try await flush()
    }

    /// Makes durable what was written. Not needed of a complete upload, which
    /// is committed with its digest, once.
    package mutating func commit() async throws {
        try await endCommit()
        guard committed < state.offset else { return }
        try await spool.commit(state.offset, digester.midstate)
        committed = state.offset
        onCommit?(committed)
    }

    /// Takes the next bytes.
    package mutating func take(_ buffer: ByteBuffer, leaving reserve: SpaceReserve) async throws {
        try incoming.take(buffer.readableBytes)
        batch.append(buffer)
        let isWorthwhile = batch.isWorthwhile || (batch.fillsSegment && buffer.readableBytes < Self.slowRead)
        guard isWorthwhile || lastWrite.duration(to: .now) > commitPause else { return }
        guard try await reserve.isLeft(after: Int64(batch.count)) else { throw UploadStoreError.noSpace }
        let isSlow = lastWrite.duration(to: .now) > Self.slowBatch
        try await beginWrite()
        if !isProvisional, commitsOnTheWay,
            state.offset - (committing?.offset ?? committed) >= Self.commitInterval
                || lastCommit.duration(to: .now) > commitPause
        {
            try await beginCommit()
        }
        // Tasks that are kept, ended or not, hold several kilobytes; a slow sender loses nothing by this.
        if isSlow { try await flush() }
    }

    /// Writes what has been gathered last, makes all bytes durable, and
    /// remembers that they are all there.
    ///
    /// - Parameter check: may throw when it has seen the digest.
    package mutating func complete(
        _ check: (Digest) async throws -> Void
    ) async throws -> (digest: Digest, size: Int64) {
        try await endWrite()
        try await endCommit()
        let last = batch.buffers
        for buffer in last { buffer.withUnsafeReadableBytes { digester.update($0) } }
        try state.take(batch.count)
        batch = Batch()
        let digest = digester.digest
        try await check(digest)
        try await spool.complete(writing: last, digest, size: state.offset)
        return (digest, state.offset)
    }

    /// Bytes that came in, written or not.
    package var taken: Int64 { incoming.offset }

    /// Writes what has been gathered, and waits for the disk where it is busy
    /// with this upload. What was written last is not durable yet.
    package mutating func flush() async throws {
        try await write()
        try await endCommit()
    }

    /// Writes what has been gathered, and waits for that.
    private mutating func write() async throws {
        try await beginWrite()
        try await endWrite()
    }

    /// What there is to say of a batch once it is written.
    private struct Written {
        let digester: Digester
        /// What ``onHead`` had against the upload.
        let objection: (any Error)?
    }

    /// Hashes and writes a batch while the next comes in. A task of its own,
    /// which is not bound to the connection's event loop: the second core
    /// takes it. It is awaited before the next batch and before the end.
    ///
    /// It looks at the head too: what that takes of memory goes with the task.
    private mutating func beginWrite() async throws {
        try await endWrite()
        guard !batch.isEmpty else { return }
        let (buffers, spool, offset, digester) = (batch.buffers, spool, state.offset, digester)
        let completesHead = offset < Self.headSize && offset + Int64(batch.count) >= Self.headSize
        let onHead = completesHead ? onHead : nil
        writing = (
            batch.count,
            Task.detached {
                async let written: Void = spool.write(buffers, at: offset)
                var digester = digester
                for buffer in buffers { buffer.withUnsafeReadableBytes { digester.update($0) } }
                try await written
                do {
                    try await onHead? { count in try await spool.head(count) }
                } catch {
                    return Written(digester: digester, objection: error)
                }
                return Written(digester: digester, objection: nil)
            }
        )
        batch = Batch()
        lastWrite = .now
    }

    private mutating func endWrite() async throws {
        guard let (count, task) = writing else { return }
        writing = nil
        let written = try await task.value
        digester = written.digester
        try state.take(count)
        if let objection = written.objection { throw objection }
    }

    /// Lets the disk work while more bytes come in. A task of its own, since
    /// it outlives the call: it is awaited before the next commit and the end.
    private mutating func beginCommit() async throws {
        try await endCommit()
        let (spool, offset, midstate) = (spool, state.offset, digester.midstate)
        committing = (offset, Task.detached { try await spool.commit(offset, midstate) })
        lastCommit = .now
    }

    private mutating func endCommit() async throws {
        guard let (offset, task) = committing else { return }
        committing = nil
        try await task.value
        committed = offset
        onCommit?(committed)
    }
}

/// How far an upload was read and hashed.
package struct UploadCheckpoint: Sendable {
    package let offset: Int64
    package let digester: Digester
}
