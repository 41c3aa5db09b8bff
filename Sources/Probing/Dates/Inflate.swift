internal import CHashing

/// Unpacks what was packed by Deflate.
///
/// Source: RFC 1950, RFC 1951; zlib's manual.
enum Inflate {
    /// What stands around the packed bytes.
    enum Wrapping {
        /// Nothing, as in a ZIP.
        case bare
        /// The header of zlib, as in PNG and PDF.
        case zlib
    }

    /// As much as can be unpacked, up to a limit; nothing where that is nothing.
    static func bytes(_ packed: [UInt8], _ wrapping: Wrapping, limit: Int) -> [UInt8] {
        var stream = z_stream()
        let bits: Int32 = wrapping == .bare ? -15 : 15
        guard inflateInit2_(&stream, bits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return [] }
        defer { inflateEnd(&stream) }
        var source = packed
        return [UInt8](unsafeUninitializedCapacity: limit) { target, count in
            source.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(limit)
                _ = inflate(&stream, Z_SYNC_FLUSH)
            }
            count = limit - Int(stream.avail_out)
        }
    }
}
