internal import Reading

/// The chunks of a PNG.
///
/// Source: ISO/IEC 15948, section 5; the EXIF chunk is in the third edition.
struct PNGChunks {
    private(set) var width: Int?
    private(set) var height: Int?
    private(set) var exif: [UInt8]?
    private(set) var isAnimated = false
    private(set) var hasEnd = false

    private static let maximumChunks = 100_000

    init?(_ file: FileBytes) {
        guard file.read(at: 0, count: 8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] else { return nil }
        var position: Int64 = 8
        for _ in 0..<Self.maximumChunks {
            let head = file.read(at: position, count: 8)
            guard let length: UInt32 = head.bigEndian(0), let type = head.fourCharacters(4),
                position + 12 + Int64(length) <= file.size
            else { return }
            take(type, file, position + 8, Int(length))
            if type == "IEND" {
                hasEnd = true
                return
            }
            position += 12 + Int64(length)
        }
    }

    private mutating func take(_ type: String, _ file: FileBytes, _ position: Int64, _ length: Int) {
        switch type {
        case "IHDR":
            let bytes = file.read(at: position, count: 8)
            width = bytes.bigEndian(0, as: UInt32.self).map { Int($0) }
            height = bytes.bigEndian(4, as: UInt32.self).map { Int($0) }
        case "eXIf" where length <= 64 << 10:
            exif = Array("Exif\0\0".utf8) + file.read(at: position, count: length)
        case "acTL": isAnimated = true
        default: break
        }
    }
}
