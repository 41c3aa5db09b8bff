package import Artefacts
internal import DurableFiles
internal import FoundationEssentials
package import NIOCore
internal import Sealing
internal import Synchronization
package import SystemPackage

/// One upload that is a file, sealed while it grows.
///
/// Full segments go to their final place in the spool. Bytes that fill no
/// segment yet are sealed into the log at each commit (see ``UploadLog``), with
/// a nonce of their own, so that nothing that was acknowledged is ever written
/// over.
package final class DirectoryUploadSpool: UploadSpool {
    private struct State {
        var sealer: SegmentSealer
        /// Bytes that are durable.
        var committed: Int64
        /// Whether the spool has bytes that were not synced.
        var isDirty: Bool
        /// The latest midstate that is known of.
        var midstate: Midstate?
        /// `nil` for a transient upload.
        var log: UploadLogFile?
        var whenSuspect: @Sendable () -> Void = {}
        /// Whether a sync failed. What was not on stable storage then may never
        /// be, whatever later syncs say: only opening the upload again helps.
        var isBroken = false
    }

    package let staged: FilePath
    private let spool: SpoolFile
    private let state: Mutex<State>

    /// A spool for a new upload, transient until it has a log.
    init(toCreate staged: FilePath, keyring: Keyring) {
        self.staged = staged
        let cipher = FileCipher(newFileWith: keyring.current)
        spool = SpoolFile(toCreate: staged, header: cipher.header.bytes)
        // Synced before the first commit at the latest.
        state = Mutex(State(sealer: SegmentSealer(cipher), committed: 0, isDirty: true, log: nil))
    }

    /// Opens the spool of an upload that is to go on. Segments behind what was
    /// committed are cut off.
    init(reopening staged: FilePath, history: UploadLog.History, keyring: Keyring) throws(FileError) {
        self.staged = staged
        let file = try OpenFile(writing: staged)
        let sealer = try readingSealed(staged) { try Self.sealer(file, history, keyring) }
        spool = SpoolFile(file, at: staged)
        let end = SealedLayout.position(ofSegment: sealer.fullSegments)
        if try file.size() > end { try file.truncate(to: end) }
        state = Mutex(
            State(
                sealer: sealer, committed: history.offset, isDirty: history.offset == 0,
                midstate: history.midstate?.opened(by: sealer.cipher)))
    }

    private static func sealer(
        _ file: OpenFile, _ history: UploadLog.History, _ keyring: Keyring
    ) throws -> SegmentSealer {
        guard history.offset > 0 else {
            // Nobody knows whether the header that can be read is on the disk: a new one will be.
            try file.truncate(to: 0)
            let cipher = FileCipher(newFileWith: keyring.current)
            try file.write(cipher.header.bytes, at: 0)
            return SegmentSealer(cipher)
        }
        let header = try file.read(at: 0, count: SealedHeader.size)
        let cipher = try FileCipher(header: header, keyring: keyring)
        return SegmentSealer(
            cipher, fullSegments: history.offset / SealedLayout.segmentSize, rest: try history.tail(openedBy: cipher))
    }

    /// Makes the file, before there is a byte to write.
    func create() throws(FileError) { _ = try spool.file }

    /// Makes the upload one that can be resumed.
    ///
    /// - Parameter whenSuspect: called if it is not known what of the log is on stable storage.
    func keepLog(_ log: UploadLogFile, whenSuspect: @escaping @Sendable () -> Void) {
        state.withLock { state in
            state.log = log
            state.whenSuspect = whenSuspect
        }
    }

    /// Writes to the log, and remembers if that went wrong.
    private func logging(_ write: (inout State) throws(FileError) -> Void) throws(FileError) {
        try state.withLock { (state) throws(FileError) in
            do throws(FileError) {
                try write(&state)
            } catch {
                state.isBroken = true
                state.whenSuspect()
                throw error
            }
        }
    }

    package func declare(length: Int64) async throws(UploadStoreError) {
        try await perform { () throws(FileError) in
            try self.logging { (state) throws(FileError) in try state.log?.append(length: length) }
        }
    }

    package func write(_ buffers: [ByteBuffer], at offset: Int64) async throws(UploadStoreError) {
        try await perform { () throws(FileError) in
            try self.state.withLock { (state) throws(FileError) in
                precondition(offset == state.sealer.offset, "bytes are written one after the other")
                try self.write(buffers, &state)
            }
        }
    }

    private func write(_ buffers: [ByteBuffer], _ state: inout State) throws(FileError) {
        let file = try spool.file
        // A copy, so that what failed can be written again.
        var sealer = state.sealer
        for buffer in buffers { try Self.write(buffer, &sealer, to: file) }
        state.isDirty = state.isDirty || sealer.fullSegments > state.sealer.fullSegments
        state.sealer = sealer
    }

    private static func write(
        _ buffer: ByteBuffer, _ sealer: inout SegmentSealer, to file: OpenFile
    ) throws(FileError) {
        var failure: FileError?
        buffer.withUnsafeReadableBytes { bytes in
            do throws(FileError) {
                try sealer.take(bytes) { (segment, position) throws(FileError) in
                    try file.write(segment, at: position)
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// Order: segments synced → line with the tail appended → line synced. A
    /// transient upload has its segments synced only, so that little is left
    /// to sync at its end.
    package func commit(_ offset: Int64, _ midstate: Midstate?) async throws(UploadStoreError) {
        try await perform { () throws(FileError) in
            let step = self.state.withLock { state in
                state.midstate = midstate ?? state.midstate
                return Self.step(to: offset, state)
            }
            try self.synchroniseSegments()
            try self.logging { (state) throws(FileError) in
                if step.isWholeLog {
                    try state.log?.begin(anewWith: step.line)
                } else {
                    try state.log?.append(step.line)
                }
                state.committed = max(state.committed, step.reached)
            }
        }
    }

    /// Order: last segment and end mark written → synced → line appended → line
    /// synced. A transient upload has no log.
    package func complete(
        writing buffers: [ByteBuffer], _ digest: Digest, size: Int64
    ) async throws(UploadStoreError) {
        try await perform { () throws(FileError) in
            try self.state.withLock { (state) throws(FileError) in
                try self.write(buffers, &state)
                precondition(size == state.sealer.offset, "all bytes were written")
                let end = state.sealer.end(digest)
                try self.spool.file.write(end.bytes, at: end.position)
                state.isDirty = true
            }
            try self.synchroniseSegments()
            try self.logging { (state) throws(FileError) in
                try state.log?.append(.received(digest: digest, size: size))
            }
        }
    }

    package func digester(of offset: Int64) async throws(UploadStoreError) -> Digester {
        let (sealer, midstate) = state.withLock { ($0.sealer, $0.midstate) }
        precondition(offset <= sealer.offset, "only what was written can be read")
        return try await perform { () throws(FileError) in
            var digester = Digester()
            var start: Int64 = 0
            if let midstate, midstate.position <= offset {
                digester = Digester(resuming: midstate)
                start = midstate.position
            }
            try self.read(start..<offset, sealer) { digester.update($0) }
            return digester
        }
    }

    package func head(_ count: Int) async throws(UploadStoreError) -> [UInt8] {
        let sealer = state.withLock { $0.sealer }
        return try await perform { () throws(FileError) in
            var head: [UInt8] = []
            try self.read(0..<min(Int64(count), SealedLayout.segmentSize), sealer) { head.append(contentsOf: $0) }
            return head
        }
    }

    /// Reads bytes that were written, be they in the file or in memory yet.
    private func read(
        _ range: Range<Int64>, _ sealer: SegmentSealer, _ take: (UnsafeRawBufferPointer) -> Void
    ) throws(FileError) {
        let file = try spool.file
        let full = sealer.fullSegments * SealedLayout.segmentSize
        let inFile = range.clamped(to: 0..<full)
        let inMemory = range.clamped(to: full..<sealer.offset)
        if !inFile.isEmpty {
            let segments = SealedSegments(cipher: sealer.cipher, plainSize: full) { try file.read(at: $0, into: $1) }
            try readingSealed(staged) { try segments.read(inFile, take) }
        }
        if !inMemory.isEmpty {
            sealer.rest[Int(inMemory.lowerBound - full)..<Int(inMemory.upperBound - full)].withUnsafeBytes(take)
        }
    }

    private func synchroniseSegments() throws(FileError) {
        let isDirty = try state.withLock { (state) throws(FileError) in
            guard !state.isBroken else { throw FileError("sync after one that failed", staged, .ioError) }
            defer { state.isDirty = false }
            return state.isDirty
        }
        guard isDirty else { return }
        do {
            try spool.file.synchroniseData()
        } catch {
            state.withLock { $0.isBroken = true }
            throw error
        }
    }

    /// What the log is to say next.
    private struct Step {
        let line: UploadLog.Line
        let reached: Int64
        /// Whether the line says all, and a log that has grown long can go.
        let isWholeLog: Bool
    }

    /// Commits at least the asked for bytes, and those of full segments that
    /// are in the spool already.
    private static func step(to offset: Int64, _ state: State) -> Step {
        let (sealer, isLong) = (state.sealer, state.log?.isLong ?? false)
        precondition(offset <= sealer.offset, "only what was written can be committed")
        let full = sealer.fullSegments * SealedLayout.segmentSize
        let reached = max(offset, full)
        let start = UploadLog.tailStart(of: reached, after: isLong ? 0 : state.committed)
        let tail =
            start < reached
            ? sealer.cipher.seal(sealer.rest[Int(start - full)..<Int(reached - full)], .tail(offset: start)) : nil
        let midstate = state.midstate.map { UploadLog.SealedMidstate($0, sealedBy: sealer.cipher) }
        return Step(line: .offset(reached, tail: tail, midstate: midstate), reached: reached, isWholeLog: isLong)
    }
}
