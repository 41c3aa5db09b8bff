internal import Artefacts
internal import InspectionWire
internal import Reading

/// What the texts and the time of a PNG say of when it was made.
///
/// Source: ISO/IEC 15948, 11.3.3 and 11.3.5; XMP part 3, 1.1.5.
struct PNGTexts {
    private(set) var dates: [DateEvidence] = []
    private(set) var xmp: [UInt8]?

    private typealias Chunk = (type: String, bytes: [UInt8])

    /// The chunks that are looked at, and how large they may be.
    static let types: Set<String> = ["tIME", "tEXt", "zTXt", "iTXt"]
    static let maximumSize = 256 << 10
    private static let maximumUnpacked = 1 << 20

    /// Takes the content of a chunk of one of the ``types``.
    mutating func take(_ type: String, _ bytes: [UInt8]) {
        if type == "tIME" { takeTime(bytes) } else { takeText((type, bytes)) }
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
        case "zTXt": return Inflater.unpack(rest.dropFirst(), limit: maximumUnpacked)
        default:
            // iTXt: two bytes about packing, a language and a translated keyword, each with a zero behind it.
            let parts = rest.dropFirst(2).split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, let isPacked = rest.first else { return nil }
            return isPacked == 1 ? Inflater.unpack(parts[2], limit: maximumUnpacked) : Array(parts[2])
        }
    }
}
