internal import Artefacts
internal import InspectionWire
internal import Reading

/// What WAV, AVI and WebP have among their chunks of when and where.
///
/// Source: Multimedia Programming Interface and Data Specifications 1.0; EBU Tech 3285 (bext);
/// WebP Container Specification.
struct RIFFDates {
    private(set) var dates: [DateEvidence] = []
    private(set) var xmp: [UInt8]?

    private let file: FileBytes
    private static let maximumBlock: Int64 = 1 << 20
    private static let lists: Set<String> = ["hdrl", "INFO"]

    init(_ file: FileBytes, _ riff: RIFFChunks) {
        self.file = file
        for chunk in riff.chunks {
            guard chunk.type == "LIST" else {
                take(chunk)
                continue
            }
            guard let list = file.read(at: chunk.start, count: 4).fourCharacters(0), Self.lists.contains(list) else {
                continue
            }
            let end = min(file.size, chunk.start + chunk.size)
            for inner in RIFFChunks.chunks(of: file, from: chunk.start + 4, to: end) { take(inner) }
        }
    }

    private mutating func take(_ chunk: RIFFChunks.Chunk) {
        switch chunk.type {
        case "XMP ", "_PMX": xmp = read(chunk, Self.maximumBlock)
        case "IDIT": add(read(chunk, 64), .containerCreation)
        case "ICRD": add(read(chunk, 64), .audioTag)
        case "bext":
            // OriginationDate has ten characters and OriginationTime eight, both local.
            let text = file.read(at: chunk.start + 320, count: Int(min(max(0, chunk.size - 320), 18)))
            if text.count == 18 { add(Array(text[..<10]) + [0x20] + text[10...], .bextOrigination, .started) }
        default: break
        }
    }

    private func read(_ chunk: RIFFChunks.Chunk, _ limit: Int64) -> [UInt8] {
        file.read(at: chunk.start, count: Int(min(chunk.size, limit)))
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
