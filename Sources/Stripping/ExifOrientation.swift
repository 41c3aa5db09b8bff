/// How to turn a picture, the one thing of EXIF that a viewer needs.
///
/// Source: EXIF 2.32 (CIPA DC-008), tag 0x0112.
enum ExifOrientation {
    private static let tag: UInt16 = 0x0112

    /// A TIFF that says only how to turn the picture, or nothing for a picture
    /// that stands upright or whose EXIF is not understood.
    ///
    /// `exif` begins with the TIFF header.
    static func block(from exif: [UInt8]) -> [UInt8] {
        guard let orientation = orientation(exif), (2...8).contains(orientation) else { return [] }
        return empty(entries: [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(orientation), 0, 0])
    }

    /// A TIFF that says nothing.
    static let nothing = empty(entries: [0, 0])

    private static func empty(entries: [UInt8]) -> [UInt8] {
        Array("MM\0*".utf8) + [0, 0, 0, 8] + entries + [0, 0, 0, 0]
    }

    private static func orientation(_ exif: [UInt8]) -> Int? {
        try? orientation(
            TIFFBytes(size: Int64(exif.count)) { position, count in
                Array(exif.dropFirst(Int(position)).prefix(count))
            })
    }

    private static func orientation(_ exif: TIFFBytes) throws(StrippingError) -> Int? {
        let first: UInt32 = try exif.number(try exif.bytes(at: 4..<8), 0)
        let entry = try exif.directory(at: Int64(first)).entries.first { $0.tag == tag && $0.count == 1 }
        return try entry.map { entry throws(StrippingError) in try exif.numbers(entry) }?.first.map { Int($0) }
    }
}
