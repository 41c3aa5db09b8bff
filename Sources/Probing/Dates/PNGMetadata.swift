internal import Artefacts
internal import InspectionWire
internal import Reading

/// The EXIF, the texts and the time of a PNG.
///
/// Source: ISO/IEC 15948, 11.3.3 and 11.3.5; XMP part 3, 1.1.5.
struct PNGMetadata {
    private(set) var exif: [UInt8]?
    private(set) var dates: [DateEvidence] = []
    private(set) var xmp: [UInt8]?

    private typealias Chunk = (type: String, bytes: [UInt8])

    private static let maximumChunks = 10_000
    private static let maximumSize = 256 << 10
    private static let maximumUnpacked = 1 << 20

    init?(_ file: FileBytes) {
        guard file.read(at: 0, count: 8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] else { return nil }
        var position: Int64 = 8
        for _ in 0..<Self.maximumChunks {
            let head = file.read(at: position, count: 8)
            guard let length: UInt32 = head.bigEndian(0), let type = head.fourCharacters(4) else { return }
            if ["eXIf", "tIME", "tEXt", "zTXt", "iTXt"].contains(type), length <= Self.maximumSize {
                take((type, file.read(at: position + 8, count: Int(length))))
            }
            position += 12 + Int64(length)
        }
    }

    private mutating func take(_ chunk: Chunk) {
        switch chunk.type {
        case "eXIf": exif = chunk.bytes
        case "tIME": takeTime(chunk.bytes)
        default: takeText(chunk)
        }
    }

    /// The time of the last change, in UTC.
    private mutating func takeTime(_ bytes: [UInt8]) {
        guard bytes.count == 7, let year: UInt16 = bytes.bigEndian(0) else { return }
        let parts = bytes[2...].map { ($0 < 10 ? "0" : "") + String($0) }
        add("\(year)-\(parts[0])-\(parts[1])T\(parts[2]):\(parts[3]):\(parts[4])Z", .exifModified, .modified)
    }

    private mutating func takeText(_ chunk: Chunk) {
        let keyword = String(decoding: chunk.bytes.prefix(80).prefix { $0 != 0 }, as: UTF8.self)
        guard ["Creation Time", "XML:com.adobe.xmp"].contains(keyword), let text = Self.text(chunk, keyword.utf8.count)
        else { return }
        if keyword == "Creation Time" {
            add(String(decoding: text, as: UTF8.self), .pngCreation, .created)
        } else {
            xmp = text
        }
    }

    private mutating func add(_ text: String, _ source: CaptureDate.Source, _ meaning: DateEvidence.Meaning) {
        if dates.count < 4, let evidence = DateText.evidence(text, source, meaning) { dates.append(evidence) }
    }

    /// What stands behind the keyword, unpacked where it is packed.
    private static func text(_ chunk: Chunk, _ keywordSize: Int) -> [UInt8]? {
        let rest = Array(chunk.bytes.dropFirst(keywordSize + 1))
        switch chunk.type {
        case "tEXt": return rest
        case "zTXt": return Inflate.bytes(Array(rest.dropFirst()), .zlib, limit: maximumUnpacked)
        default:
            // iTXt: two bytes about packing, a language and a translated keyword, each with a zero behind it.
            let parts = rest.dropFirst(2).split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, let isPacked = rest.first else { return nil }
            return isPacked == 1 ? Inflate.bytes(Array(parts[2]), .zlib, limit: maximumUnpacked) : Array(parts[2])
        }
    }
}
