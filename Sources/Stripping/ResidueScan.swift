internal import Glibc

/// Looks once more for metadata in what is copied, whatever the structure said.
///
/// Only for texts that are long enough not to stand in compressed pictures or
/// sound by chance.
struct ResidueScan {
    private static let telling: [[UInt8]] = [
        Array("Exif\0\0II*\0".utf8), Array("Exif\0\0MM\0*".utf8),
        Array("II*\0\u{8}\0\0\0".utf8), Array("MM\0*\0\0\0\u{8}".utf8),
        Array("http://ns.adobe.com/xap/".utf8), Array("http://ns.adobe.com/xmp/".utf8), Array("<x:xmpmeta".utf8),
        Array("Photoshop 3.0\0".utf8), Array("GPSLatitude".utf8), Array("GPSLongitude".utf8),
        Array("location.ISO6709".utf8),
    ]
    private static let overlap = 32

    private var end: [UInt8] = []

    /// Whether metadata stands in these bytes, or across where they follow the last ones.
    mutating func finds(in bytes: [UInt8]) -> Bool {
        let looked = end + bytes
        end = Array(looked.suffix(Self.overlap))
        return looked.withUnsafeBytes { looked in Self.telling.contains { Self.finds($0, in: looked) } }
    }

    private static func finds(_ text: [UInt8], in bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes
        while rest.count >= text.count, let start = rest.baseAddress,
            let found = memchr(start, Int32(text[0]), rest.count - text.count + 1)
        {
            if memcmp(found, text, text.count) == 0 { return true }
            rest = UnsafeRawBufferPointer(rebasing: rest[(UnsafeRawPointer(found) - start + 1)...])
        }
        return false
    }
}
