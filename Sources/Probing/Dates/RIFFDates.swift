internal import Artefacts
internal import InspectionWire
internal import Reading

/// What WAV, AVI and WebP have among their chunks of when and where.
///
/// Source: Multimedia Programming Interface and Data Specifications 1.0; EBU Tech 3285 (bext);
/// WebP Container Specification.
struct RIFFDates {
    private(set) var dates: [DateEvidence] = []
    private(set) var exif: [UInt8]?
    private(set) var xmp: [UInt8]?

    private static let maximumChunks = 10_000
    private static let maximumBlock = 1 << 20
    private static let lists: Set<String> = ["hdrl", "INFO"]

    init?(_ file: FileBytes) {
        let head = file.read(at: 0, count: 4)
        guard head.has("RIFF") || head.has("RF64") else { return nil }
        walk(file, 12, file.size, Self.maximumChunks)
    }

    /// Chunks may be cut off at the end, and recorders write sizes that are none.
    private mutating func walk(_ file: FileBytes, _ start: Int64, _ end: Int64, _ limit: Int) {
        var position = start
        for _ in 0..<limit where position + 8 <= end {
            let head = file.read(at: position, count: 12)
            guard let type = head.fourCharacters(0), let size: UInt32 = head.littleEndian(4) else { return }
            if type == "LIST", let list = head.fourCharacters(8), Self.lists.contains(list) {
                walk(file, position + 12, min(end, position + 8 + Int64(size)), 1000)
            } else {
                take(type, file, position + 8, Int(size))
            }
            position += 8 + Int64(size) + Int64(size & 1)
        }
    }

    private mutating func take(_ type: String, _ file: FileBytes, _ position: Int64, _ size: Int) {
        switch type {
        case "EXIF": exif = file.read(at: position, count: min(size, Self.maximumBlock))
        case "XMP ", "_PMX": xmp = file.read(at: position, count: min(size, Self.maximumBlock))
        case "IDIT": add(file.read(at: position, count: min(size, 64)), .containerCreation)
        case "ICRD": add(file.read(at: position, count: min(size, 64)), .audioTag)
        case "bext":
            // OriginationDate has ten characters and OriginationTime eight, both local.
            let text = file.read(at: position + 320, count: min(max(0, size - 320), 18))
            if text.count == 18 { add(Array(text[..<10]) + [0x20] + text[10...], .bextOrigination, .started) }
        default: break
        }
    }

    private mutating func add(
        _ text: [UInt8], _ source: CaptureDate.Source, _ meaning: DateEvidence.Meaning = .created
    ) {
        let text = String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        // EBU allows several separators in the time.
        let written = source == .bextOrigination ? Self.withColons(text) : text
        if dates.count < 4, let evidence = DateText.evidence(written, source, meaning) { dates.append(evidence) }
    }

    private static func withColons(_ text: String) -> String {
        String(text.prefix(11)) + String(text.dropFirst(11).map { $0.isASCIIDigit ? $0 : ":" })
    }
}
