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
        /// `nil` for a transient upload.
        var log: UploadLogFile?
    }

    package let staged: FilePath
    private let file: OpenFile
    private let state: Mutex<State>

    /// Makes the spool of a new upload, transient until it has a log.
    init(creating staged: FilePath, keyring: Keyring) throws(FileError) {
        self.staged = staged
        file = try OpenFile(creating: staged)
        let cipher = FileCipher(newFileWith: keyring.current)
        try file.write(cipher.header.bytes, at: 0)
        // Synced before the first commit at the latest.
        state = Mutex(State(sealer: SegmentSealer(cipher), committed: 0, isDirty: true, log: nil))
    }

    /// Opens the spool of an upload that is to go on. Segments behind what was
    /// committed are cut off.
    init(
        reopening staged: FilePath, log: UploadLogFile, history: UploadLog.History, keyring: Keyring
    ) throws(FileError) {
        self.staged = staged
        let file = try OpenFile(writing: staged)
        let sealer = try Self.reading(staged) { try Self.sealer(file, history, keyring) }
        self.file = file
        let end = SealedLayout.position(ofSegment: sealer.fullSegments)
        if try file.size() > end { try file.truncate(to: end) }
        state = Mutex(State(sealer: sealer, committed: history.offset, isDirty: history.offset == 0, log: log))
    }

    private static func sealer(
        _ file: OpenFile, _ history: UploadLog.History, _ keyring: Keyring
    ) throws -> SegmentSealer {
        let header = try file.read(at: 0, count: SealedHeader.size)
        guard history.offset > 0 else {
            // A power cut before the first commit may have taken the header along.
            if let cipher = try? FileCipher(header: header, keyring: keyring) { return SegmentSealer(cipher) }
            let cipher = FileCipher(newFileWith: keyring.current)
            try file.write(cipher.header.bytes, at: 0)
            return SegmentSealer(cipher)
        }
        let cipher = try FileCipher(header: header, keyring: keyring)
        return SegmentSealer(
            cipher, fullSegments: history.offset / SealedLayout.segmentSize, rest: try history.tail(openedBy: cipher))
    }

    /// Makes the upload one that can be resumed.
    func keepLog(_ log: UploadLogFile) { state.withLock { $0.log = log } }

    package func write(_ buffers: [ByteBuffer], at offset: Int64) async throws(UploadStoreError) {
        try await perform { () throws(FileError) in
            try self.state.withLock { (state) throws(FileError) in
                precondition(offset == state.sealer.offset, "bytes are written one after the other")
                // A copy, so that what failed can be written again.
                var sealer = state.sealer
                for buffer in buffers { try self.write(buffer, &sealer) }
                state.isDirty = state.isDirty || sealer.fullSegments > state.sealer.fullSegments
                state.sealer = sealer
            }
        }
    }

    private func write(_ buffer: ByteBuffer, _ sealer: inout SegmentSealer) throws(FileError) {
        var failure: FileError?
        buffer.withUnsafeReadableBytes { bytes in
            do throws(FileError) {
                try sealer.take(bytes) { (segment, position) throws(FileError) in
                    try self.file.write(segment, at: position)
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
    package func commit(_ offset: Int64) async throws(UploadStoreError) {
        try await perform { () throws(FileError) in
            let step = self.state.withLock { Self.step(to: offset, $0) }
            try self.synchroniseSegments()
            try self.state.withLock { (state) throws(FileError) in
                state.committed = max(state.committed, step.reached)
                if step.isWholeLog {
                    try state.log?.begin(anewWith: step.line)
                } else {
                    try state.log?.append(step.line)
                }
            }
        }
    }

    /// Order: last segment and end mark written → synced → line appended → line
    /// synced. A transient upload has no log.
    package func complete(_ digest: Digest, size: Int64) async throws(UploadStoreError) {
        try await perform { () throws(FileError) in
            try self.state.withLock { (state) throws(FileError) in
                precondition(size == state.sealer.offset, "all bytes were written")
                let end = state.sealer.end(digest)
                try self.file.write(end.bytes, at: end.position)
                state.isDirty = true
            }
            try self.synchroniseSegments()
            try self.state.withLock { (state) throws(FileError) in
                try state.log?.append(.received(digest: digest, size: size))
            }
        }
    }

    package func digester(of offset: Int64) async throws(UploadStoreError) -> Digester {
        let (sealer, file) = (state.withLock { $0.sealer }, file)
        let full = sealer.fullSegments * SealedLayout.segmentSize
        precondition(offset <= sealer.offset, "only what was written can be read")
        return try await perform { () throws(FileError) in
            var digester = Digester()
            let segments = SealedSegments(cipher: sealer.cipher, plainSize: full) { try file.read(at: $0, into: $1) }
            if offset > 0 && full > 0 {
                try Self.reading(self.staged) { try segments.read(0..<min(offset, full)) { digester.update($0) } }
            }
            if offset > full { sealer.rest[..<Int(offset - full)].withUnsafeBytes { digester.update($0) } }
            return digester
        }
    }

    private func synchroniseSegments() throws(FileError) {
        let isDirty = state.withLock { state in
            defer { state.isDirty = false }
            return state.isDirty
        }
        guard isDirty else { return }
        do {
            try file.synchroniseData()
        } catch {
            state.withLock { $0.isDirty = true }
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
        return Step(line: .offset(reached, tail: tail), reached: reached, isWholeLog: isLong)
    }

    /// Reads, saying in the words of files what is wrong with a sealed one.
    private static func reading<Value>(_ staged: FilePath, _ work: () throws -> Value) throws(FileError) -> Value {
        do {
            return try work()
        } catch let error as FileError {
            throw error
        } catch {
            throw FileError("opening a segment (\(error))", staged, .ioError)
        }
    }
}
