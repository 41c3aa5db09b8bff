internal import Artefacts
internal import InspectionWire
internal import Reading

/// WAV, AIFF, CAF and AVI: sound and film in chunks.
///
/// Source: RIFF as in ``RIFFChunks``; EBU Tech 3285; AIFF-C draft of 1991; Apple Core Audio Format 1.0.
enum SoundChunks {
    private static let maximumChunks = 4096

    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        if let riff = RIFFChunks(file, head) {
            guard var finding = riff.form == "WAVE" ? wave(file, riff) : riff.form == "AVI " ? film(riff) : nil else {
                return nil
            }
            let dates = RIFFDates(file, riff)
            (finding.xmp, finding.dates) = (dates.xmp, dates.dates)
            return finding
        }
        if head.has("FORM"), head.has("AIFF", at: 8) || head.has("AIFC", at: 8) { return interchange(file, head) }
        if head.has("caff\0\u{1}") { return core(file) }
        return nil
    }

    private static func wave(_ file: FileBytes, _ riff: RIFFChunks) -> FormatFinding {
        let format = riff["fmt "].map { chunk in
            (size: chunk.size, tag: file.read(at: chunk.start, count: 2).littleEndian(0, as: UInt16.self) ?? 0)
        }
        let cast = riff["bext"].flatMap { file.read(at: $0.start + 346, count: 2).littleEndian(0, as: UInt16.self) }
        var finding = FormatFinding(
            "audio/wav", puid: puid(is64Bit: riff.is64Bit, format, cast), wholeness: riff.wholeness)
        if riff["data"] == nil || format == nil { finding.wholeness = .damaged(evidence: "no fmt or data chunk") }
        finding.end = riff.end
        return finding
    }

    /// Source: DROID V122.
    private static func puid(is64Bit: Bool, _ format: (size: Int64, tag: UInt16)?, _ cast: UInt16?) -> PUID {
        if is64Bit { return cast == nil ? "fmt/712" : "fmt/713" }
        if let cast {
            let version = Int(min(cast, 2))
            switch format?.tag {
            case 1: return (["fmt/703", "fmt/704", "fmt/705"] as [PUID])[version]
            case 0x50, 0x55: return (["fmt/706", "fmt/707", "fmt/708"] as [PUID])[version]
            case 0xFFFE: return (["fmt/709", "fmt/710", "fmt/711"] as [PUID])[version]
            default: return (["fmt/1", "fmt/2", "fmt/527"] as [PUID])[version]
            }
        }
        switch format {
        case (16, 1)?: return "fmt/141"
        case (_, 0xFFFE)?: return "fmt/143"
        case (18..., _)?: return "fmt/142"
        default: return "fmt/6"
        }
    }

    private static func film(_ riff: RIFFChunks) -> FormatFinding {
        var finding = FormatFinding("video/x-msvideo", puid: "fmt/5", wholeness: riff.wholeness)
        if riff.chunks.count < 2 { finding.wholeness = .damaged(evidence: "no list of frames") }
        finding.end = riff.end
        return finding
    }

    private static func interchange(_ file: FileBytes, _ head: [UInt8]) -> FormatFinding {
        var finding = FormatFinding("audio/aiff", puid: head.has("AIFC", at: 8) ? "x-fmt/136" : "fmt/414")
        let size = head.bigEndian(4, as: UInt32.self).map { Int64($0) } ?? 0
        finding.wholeness = .whole(size + 8 <= file.size + 1, or: "shorter than its FORM size")
        finding.end = size + 8 + size % 2
        return finding
    }

    private static func core(_ file: FileBytes) -> FormatFinding {
        var finding = FormatFinding("audio/x-caf", puid: "fmt/416")
        var position: Int64 = 8
        var types: Set<String> = []
        for _ in 0..<maximumChunks where position < file.size {
            let head = file.read(at: position, count: 12)
            guard let type = head.fourCharacters(0), let size: Int64 = head.bigEndian(4) else {
                finding.wholeness = .damaged(evidence: "a chunk is cut")
                return finding
            }
            types.insert(type)
            // The data of a recording that was going on goes to the end.
            if size == -1, type == "data" {
                finding.wholeness = .unknown
                return finding
            }
            guard size >= 0, size <= file.size - position - 12 else {
                finding.wholeness = .damaged(evidence: "a chunk is longer than the file")
                return finding
            }
            position += 12 + size
        }
        finding.wholeness = .whole(types.isSuperset(of: ["desc", "data"]), or: "no desc or data chunk")
        return finding
    }
}
