internal import Artefacts
internal import CHashing
internal import InspectionWire
internal import Reading

/// The chunks of a PNG, each with its check.
///
/// Source: ISO/IEC 15948, section 5; the EXIF chunk is in the third edition.
struct PNGChunks {
    private(set) var width: Int?
    private(set) var height: Int?
    private(set) var exif: [UInt8]?
    private(set) var texts = PNGTexts()
    private(set) var isAnimated = false
    private(set) var frames = 0
    /// Behind the last chunk; `nil` where it is missing.
    private(set) var end: Int64?
    /// The first chunk that is not what it was.
    private(set) var broken: String?
    private var types: Set<String> = []
    private var pictureData: Int64 = 0
    private var bitsPerPixel = 0

    private static let maximumChunks = 100_000
    /// Bytes whose check is computed.
    private static let maximumChecked: Int64 = 64 << 20

    init?(_ file: FileBytes) {
        guard file.read(at: 0, count: 8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] else { return nil }
        var position: Int64 = 8
        for index in 0..<Self.maximumChunks {
            let head = file.read(at: position, count: 8)
            guard let length: UInt32 = head.bigEndian(0), let type = head.fourCharacters(4),
                position + 12 + Int64(length) <= file.size, index > 0 || type == "IHDR"
            else { return }
            if position + Int64(length) < Self.maximumChecked, broken == nil, !Self.isSound(file, position, length) {
                broken = type
            }
            take(type, file, position + 8, Int(length))
            position += 12 + Int64(length)
            if type == "IEND" {
                end = position
                return
            }
        }
    }

    private static func isSound(_ file: FileBytes, _ position: Int64, _ length: UInt32) -> Bool {
        var check = crc32(0, nil, 0)
        file.scan(from: position + 4, to: position + 8 + Int64(length)) { _, piece in
            check = crc32(check, piece.bindMemory(to: UInt8.self).baseAddress, UInt32(piece.count))
            return .onwards
        }
        return file.read(at: position + 8 + Int64(length), count: 4).bigEndian(0, as: UInt32.self) == UInt32(check)
    }

    private mutating func take(_ type: String, _ file: FileBytes, _ position: Int64, _ length: Int) {
        if types.count < 64 { types.insert(type) }
        switch type {
        case "IHDR":
            let bytes = file.read(at: position, count: 10)
            width = bytes.bigEndian(0, as: UInt32.self).map { Int($0) }
            height = bytes.bigEndian(4, as: UInt32.self).map { Int($0) }
            if bytes.count == 10 { bitsPerPixel = Int(bytes[8]) * [1, 0, 3, 1, 2, 0, 4][Int(min(bytes[9], 6))] }
        case "eXIf" where length <= 64 << 10:
            exif = Array("Exif\0\0".utf8) + file.read(at: position, count: length)
        case "acTL":
            isAnimated = true
            frames = file.read(at: position, count: 4).bigEndian(0, as: UInt32.self).map { Int($0) } ?? 0
        case "IDAT": pictureData += Int64(length)
        case _ where PNGTexts.types.contains(type) && length <= PNGTexts.maximumSize:
            texts.take(type, file.read(at: position, count: length))
        default: break
        }
    }

    /// No compression makes so much of so little: deflate gains 1032 to 1 at most.
    private var hasTooLittle: Bool {
        let bits = Double(width ?? 0) * Double(height ?? 0) * Double(bitsPerPixel)
        return bits / 8 / 1100 > Double(pictureData)
    }

    private var wholeness: Wholeness {
        if let broken { return .damaged(evidence: "a chunk fails its check (\(broken))") }
        if end == nil { return .damaged(evidence: "no IEND chunk") }
        return .whole(pictureData > 0 && !hasTooLittle, or: "too little picture data")
    }

    /// Source: DROID V122.
    private var puid: PUID {
        if isAnimated { return "fmt/935" }
        if types.contains("iTXt") { return "fmt/13" }
        return types.isDisjoint(with: ["iCCP", "sPLT"]) ? "fmt/11" : "fmt/12"
    }

    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard let png = PNGChunks(file) else { return nil }
        var finding = FormatFinding(
            png.isAnimated ? "image/apng" : "image/png", puid: png.puid, wholeness: png.wholeness)
        (finding.width, finding.height, finding.exif, finding.end) = (png.width, png.height, png.exif, png.end)
        (finding.xmp, finding.dates) = (png.texts.xmp, png.texts.dates)
        if png.isAnimated { finding.features.insert(.animated) }
        if png.frames > 10_000 { finding.features.insert(.tooManyParts) }
        if TrailingBytes.isPolyglot(head) { finding.features.insert(.polyglot) }
        return finding
    }
}
