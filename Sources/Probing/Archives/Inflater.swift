internal import CHashing
internal import Reading

/// Unpacks deflate in bounded steps.
///
/// Source: RFC 1950 and RFC 1951; zlib.h.
struct Inflater: ~Copyable {
    /// zlib keeps its address, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private(set) var isFinished = false
    private(set) var hasFailed = false

    private static let blockSize = 64 << 10

    /// - Parameter isRaw: without zlib's header, as in a ZIP.
    private init?(isRaw: Bool) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard inflateInit2_(stream, isRaw ? -15 : 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            return nil
        }
        self.stream = stream
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Unpacks one piece; `give` says whether more is wanted.
    private mutating func take(_ piece: UnsafeRawBufferPointer, _ give: (UnsafeRawBufferPointer) -> Bool) -> Bool {
        stream.pointee.next_in = UnsafeMutablePointer(mutating: piece.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(piece.count)
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.blockSize) { block in
            repeat {
                stream.pointee.next_out = block.baseAddress
                stream.pointee.avail_out = UInt32(block.count)
                let result = inflate(stream, Z_NO_FLUSH)
                let count = block.count - Int(stream.pointee.avail_out)
                if count > 0, !give(UnsafeRawBufferPointer(start: block.baseAddress, count: count)) { return false }
                isFinished = result == Z_STREAM_END
                hasFailed = result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR
                if isFinished || hasFailed { return false }
            } while stream.pointee.avail_out == 0
            return true
        }
    }

    /// What a zlib stream holds, at most `limit` bytes of it; as much as can be unpacked where it is damaged.
    static func unpack(_ packed: ArraySlice<UInt8>, limit: Int) -> [UInt8] {
        var unpacked: [UInt8] = []
        guard var inflater = Inflater(isRaw: false) else { return [] }
        packed.withUnsafeBytes { piece in
            _ = inflater.take(piece) {
                unpacked.append(contentsOf: $0); return unpacked.count < limit
            }
        }
        return Array(unpacked.prefix(limit))
    }

    /// Unpacks a part of a file, and hands out what is in it; answers whether the deflate stream came to its end.
    static func unpack(
        _ file: FileBytes, _ range: Range<Int64>, _ give: (UnsafeRawBufferPointer) -> Bool
    ) -> Bool {
        guard var inflater = Inflater(isRaw: true) else { return false }
        file.scan(from: range.lowerBound, to: range.upperBound) { _, piece in
            inflater.take(piece, give) ? .onwards : .enough
        }
        return inflater.isFinished
    }
}
