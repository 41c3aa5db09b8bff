/// Where what lies in a sealed file: header, segments, end mark.
///
/// Each segment but the last holds 64 KiB of plain bytes, and the last one 1
/// byte to 64 KiB. The end mark is always last, so that a file without it is
/// not whole.
package enum SealedLayout {
    static let segmentExponent = 16
    /// Plain bytes in every segment but the last.
    package static let segmentSize: Int64 = 1 << Int64(segmentExponent)
    /// Bytes that a whole segment has in the file.
    package static let sealedSegmentSize = segmentSize + Int64(AuthenticatedCipher.overhead)
    /// Bytes of the end mark: size and digest, sealed.
    static let endMarkSize = 40 + AuthenticatedCipher.overhead

    /// Where segment `index` begins in the file.
    package static func position(ofSegment index: Int64) -> Int64 {
        Int64(SealedHeader.size) + index * sealedSegmentSize
    }

    /// Segments that `size` plain bytes have.
    package static func segments(for size: Int64) -> Int64 { (size + segmentSize - 1) / segmentSize }

    /// Bytes of the file that holds `size` plain bytes.
    package static func sealedSize(of size: Int64) -> Int64 {
        Int64(SealedHeader.size) + size + segments(for: size) * Int64(AuthenticatedCipher.overhead) + Int64(endMarkSize)
    }

    /// Plain bytes in a file of `sealedSize` bytes; `nil` if no sealed file has that size.
    static func plainSize(of sealedSize: Int64) -> Int64? {
        let body = sealedSize - Int64(SealedHeader.size + endMarkSize)
        guard body >= 0 else { return nil }
        let (whole, rest) = body.quotientAndRemainder(dividingBy: sealedSegmentSize)
        guard rest == 0 || rest > Int64(AuthenticatedCipher.overhead) else { return nil }
        return whole * segmentSize + (rest == 0 ? 0 : rest - Int64(AuthenticatedCipher.overhead))
    }
}
