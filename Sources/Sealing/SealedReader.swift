package import Artefacts
internal import FoundationEssentials

/// Reads any part of a sealed file, opening just the segments that it needs.
///
/// Does no I/O of its own, so that the daemon and the inspector share it:
/// whoever makes one says how bytes of the file are read. May be used from
/// many tasks at once if that may.
package struct SealedReader: Sendable {
    /// Fills a buffer with the bytes of the file from a position on; answers
    /// how many there were, which are fewer only where the file ends.
    package typealias Source = @Sendable (_ position: Int64, _ into: UnsafeMutableRawBufferPointer) throws -> Int

    /// Plain bytes in the file.
    package let size: Int64
    /// The digest of the plain bytes, as sealed with them.
    package let digest: Digest
    package let cipher: FileCipher
    private let source: Source

    /// Opens a file of `fileSize` bytes, whose data key is unwrapped with one of the keys.
    ///
    /// - Throws: ``SealedFileError``, or what the source throws.
    package init(fileSize: Int64, keyring: Keyring, source: @escaping Source) throws {
        let cipher = try FileCipher(header: try Self.header(source), keyring: keyring)
        try self.init(fileSize: fileSize, cipher: cipher, source: source)
    }

    /// Opens a file of `fileSize` bytes whose data key is known.
    ///
    /// - Throws: ``SealedFileError``, or what the source throws.
    package init(fileSize: Int64, dataKey: SecretKey, source: @escaping Source) throws {
        guard let header = SealedHeader(try Self.header(source)) else { throw SealedFileError.damaged(.header) }
        try self.init(fileSize: fileSize, cipher: FileCipher(header: header, dataKey: dataKey), source: source)
    }

    private init(fileSize: Int64, cipher: FileCipher, source: @escaping Source) throws {
        guard let size = SealedLayout.plainSize(of: fileSize) else { throw SealedFileError.damaged(.size) }
        let end = try Self.read(
            at: fileSize - Int64(SealedLayout.endMarkSize), count: SealedLayout.endMarkSize, source)
        guard let end, let digest = cipher.openEnd(end, size: size) else { throw SealedFileError.damaged(.end) }
        self.size = size
        self.digest = digest
        self.cipher = cipher
        self.source = source
    }

    private static func header(_ source: Source) throws -> [UInt8] {
        guard let bytes = try read(at: 0, count: SealedHeader.size, source) else {
            throw SealedFileError.damaged(.header)
        }
        return Array(bytes)
    }

    private static func read(at position: Int64, count: Int, _ source: Source) throws -> Data? {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try bytes.withUnsafeMutableBytes { try source(position, $0) }
        return read == count ? Data(bytes) : nil
    }

    /// Hands out the plain bytes of a half-open range that lies inside the
    /// file, in order and in pieces of at most a segment.
    ///
    /// A piece is handed out only after its whole segment was authenticated.
    ///
    /// - Throws: ``SealedFileError``, or what source and `take` throw.
    package func read(_ range: Range<Int64>, _ take: (UnsafeRawBufferPointer) throws -> Void) throws {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "the range lies inside the file")
        guard !range.isEmpty else { return }
        try segments(from: source).read(range, take)
    }

    /// The segments, with their bytes from another source of the same file.
    package func segments(from source: @escaping Source) -> SealedSegments {
        SealedSegments(cipher: cipher, plainSize: size, source: source)
    }

    /// Reads everything, and compares the digest of the plain bytes with the
    /// one that was sealed with them.
    ///
    /// - Parameter pace: called after each piece, with its size; may wait, or throw to end it.
    /// - Throws: ``SealedFileError``, or what source and `pace` throw.
    package func verify(_ pace: (Int) throws -> Void = { _ in }) throws {
        var digester = Digester()
        try read(0..<size) { bytes in
            digester.update(bytes)
            try pace(bytes.count)
        }
        guard digester.digest == digest else { throw SealedFileError.damaged(.end) }
    }
}

/// The segments of a file that has so many plain bytes, whether its end mark is there or not.
package struct SealedSegments {
    let cipher: FileCipher
    let plainSize: Int64
    let source: SealedReader.Source

    /// - Parameter plainSize: plain bytes that the segments hold together.
    package init(cipher: FileCipher, plainSize: Int64, source: @escaping SealedReader.Source) {
        self.cipher = cipher
        self.plainSize = plainSize
        self.source = source
    }

    /// Segments read from the file at once: few enough for a processor to have them at hand when it opens them.
    private static let batch: Int64 = 4

    /// Hands out the plain bytes of a range that is not empty and lies inside the segments.
    package func read(_ range: Range<Int64>, _ take: (UnsafeRawBufferPointer) throws -> Void) throws {
        let last = (range.upperBound - 1) / SealedLayout.segmentSize
        var first = range.lowerBound / SealedLayout.segmentSize
        let atOnce = min(Self.batch, last + 1 - first)
        // One for all batches: memory that is new has to be zeroed by the system first.
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Int(atOnce * SealedLayout.sealedSegmentSize), alignment: 16)
        defer { buffer.deallocate() }
        while first <= last {
            let next = min(first + atOnce, last + 1)
            try read(segments: first..<next, of: range, into: buffer, take)
            first = next
        }
    }

    private func read(
        segments: Range<Int64>, of range: Range<Int64>, into buffer: UnsafeMutableRawBufferPointer,
        _ take: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let position = SealedLayout.position(ofSegment: segments.lowerBound)
        let count = Int(end(ofSegment: segments.upperBound - 1) - position)
        let sealed = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
        let read = try source(position, sealed)
        for index in segments {
            let start = SealedLayout.position(ofSegment: index) - position
            let end = end(ofSegment: index) - position
            guard end <= read, let base = sealed.baseAddress else { throw SealedFileError.damaged(.segment(index)) }
            // Looked at in place: the buffer outlives this.
            let part = Data(bytesNoCopy: base + Int(start), count: Int(end - start), deallocator: .none)
            guard let plain = cipher.open(part, .segment(index)) else {
                throw SealedFileError.damaged(.segment(index))
            }
            let offset = index * SealedLayout.segmentSize
            let wanted = range.clamped(to: offset..<offset + Int64(plain.count))
            try plain.withUnsafeBytes { bytes in
                try take(
                    UnsafeRawBufferPointer(
                        rebasing: bytes[Int(wanted.lowerBound - offset)..<Int(wanted.upperBound - offset)]))
            }
        }
    }

    /// Where the segment ends in the file.
    private func end(ofSegment index: Int64) -> Int64 {
        let plain = min(SealedLayout.segmentSize, plainSize - index * SealedLayout.segmentSize)
        return SealedLayout.position(ofSegment: index) + plain + Int64(AuthenticatedCipher.overhead)
    }
}

/// Why a sealed file cannot be opened, or not wholly.
package enum SealedFileError: Error, Hashable, CustomStringConvertible {
    /// Where the damage shows.
    package enum Place: Hashable, Sendable {
        case header, size, end
        case segment(Int64)
    }

    case damaged(Place)
    case unknownKey(KeyID)

    package var description: String {
        switch self {
        case .damaged(.header): "the header is damaged"
        case .damaged(.size): "no whole file has this size"
        case .damaged(.end): "the end is damaged or missing"
        case .damaged(.segment(let index)): "segment \(index) is damaged"
        case .unknownKey(let id): "it is sealed with the key \(id), which the keyring does not have"
        }
    }
}
