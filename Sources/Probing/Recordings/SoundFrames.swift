internal import Artefacts
internal import InspectionWire
internal import Reading

/// MP3, AAC and AMR: formats that are nothing but frames.
///
/// Source: ISO/IEC 11172-3, section 2.4.2.3; ISO/IEC 13818-7, section 6.2; RFC 4867, section 5.
enum SoundFrames {
    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        if head.has("#!AMR-WB\n") {
            return speech(file, "audio/amr-wb", "fmt/954", from: 9, [17, 23, 32, 36, 40, 46, 50, 58, 60, 5])
        }
        if head.has("#!AMR\n") {
            return speech(file, "audio/amr", "fmt/356", from: 6, [12, 13, 15, 17, 19, 20, 26, 31, 5])
        }
        guard head.has("ID3") || (head.count > 1 && head[0] == 0xFF && head[1] & 0xE0 == 0xE0) else { return nil }
        guard let start = SoundTags.end(file, head) else {
            return FormatFinding("audio/mpeg", wholeness: .damaged(evidence: "shorter than its tag"))
        }
        return advanced(file, from: start) ?? layered(file, from: start)
    }

    /// Frames of 20 milliseconds, whose first byte says which of these sizes they have.
    private static func speech(
        _ file: FileBytes, _ type: MediaType, _ puid: PUID, from start: Int64, _ sizes: [Int]
    ) -> FormatFinding {
        let chain = FrameChain(file, from: start, headSize: 1) { head in
            guard let first = head.first, first & 0x83 == 0 else { return nil }
            let mode = Int(first >> 3 & 15)
            guard mode < sizes.count || mode >= 14 else { return nil }
            return FrameChain.Frame(size: 1 + (mode < sizes.count ? sizes[mode] : 0), seconds: 0.02)
        }
        var finding = FormatFinding(type, puid: puid, wholeness: chain.wholeness(file))
        if chain.frames == 0 { finding.wholeness = .damaged(evidence: "no frames") }
        (finding.duration, finding.end) = (chain.seconds, chain.isCut ? nil : chain.end)
        return finding
    }

    /// AAC in ADTS.
    private static func advanced(_ file: FileBytes, from start: Int64) -> FormatFinding? {
        let rates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]
        let chain = FrameChain(file, from: start, headSize: 7) { head in
            let head = Array(head)
            guard head[0] == 0xFF, head[1] & 0xF6 == 0xF0 else { return nil }
            let rate = Int(head[2] >> 2 & 15)
            let size = Int(head[3] & 3) << 11 | Int(head[4]) << 3 | Int(head[5] >> 5)
            guard rate < rates.count, size >= 7 else { return nil }
            let samples = 1024 * (Int(head[6] & 3) + 1)
            return FrameChain.Frame(
                size: size, seconds: Double(samples) / Double(rates[rate]), kind: Int(head[1]) << 8 | rate)
        }
        guard chain.frames >= 8 || (chain.frames > 0 && (chain.isCut || chain.end == file.size)) else { return nil }
        var finding = FormatFinding("audio/aac", puid: "fmt/1812", wholeness: chain.wholeness(file))
        (finding.duration, finding.end) = (chain.seconds, chain.isCut ? nil : chain.end)
        return finding
    }

    /// Layers I, II and III.
    private static func layered(_ file: FileBytes, from start: Int64) -> FormatFinding? {
        let chain = FrameChain(file, from: start, headSize: 4) { LayeredFrame($0)?.frame }
        guard chain.frames >= 5 || (chain.frames > 0 && (chain.isCut || chain.end == file.size)) else { return nil }
        let puids: [PUID?] = [nil, "fmt/134", "fmt/198", "fmt/347"]
        var finding = FormatFinding("audio/mpeg", puid: puids[chain.kind & 3], wholeness: chain.wholeness(file))
        if let declared = declaredSize(file, start), start + declared > file.size {
            finding.wholeness = .damaged(evidence: "shorter than its header says")
        }
        finding.duration = chain.seconds
        let isTag = SoundTags.isTag(file, at: chain.end)
        finding.end = chain.isCut || isTag ? nil : chain.end
        return finding
    }

    /// Bytes of all frames, as the first says where an encoder wrote it.
    private static func declaredSize(_ file: FileBytes, _ start: Int64) -> Int64? {
        let frame = file.read(at: start, count: 64)
        guard let place = frame.firstIndex(of: "Xing") ?? frame.firstIndex(of: "Info"),
            let flags: UInt32 = frame.bigEndian(place + 4), flags & 3 == 3
        else { return nil }
        return frame.bigEndian(place + 12, as: UInt32.self).map { Int64($0) }
    }
}

/// The head of a frame of MPEG audio.
private struct LayeredFrame {
    let frame: FrameChain.Frame

    private static let rates = [44100, 48000, 32000]
    /// Kilobits a second for MPEG-1 layers I, II, III, then for MPEG-2 layer I, layers II and III.
    private static let bits = [
        [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ]

    init?(_ head: ArraySlice<UInt8>) {
        let head = Array(head)
        guard head[0] == 0xFF, head[1] & 0xE0 == 0xE0 else { return nil }
        let version = Int(head[1] >> 3 & 3)
        let layer = 4 - Int(head[1] >> 1 & 3)
        let (bit, rate) = (Int(head[2] >> 4), Int(head[2] >> 2 & 3))
        guard version != 1, layer < 4, (1...14).contains(bit), rate < 3 else { return nil }
        let isFirst = version == 3
        let row = isFirst ? layer - 1 : layer == 1 ? 3 : 4
        let hertz = Self.rates[rate] >> (isFirst ? 0 : version == 2 ? 1 : 2)
        let padding = Int(head[2] >> 1 & 1)
        let samples = layer == 1 ? 384 : layer == 3 && !isFirst ? 576 : 1152
        let kilobits = Self.bits[row][bit - 1]
        let size =
            layer == 1
            ? (12 * kilobits * 1000 / hertz + padding) * 4 : samples / 8 * kilobits * 1000 / hertz + padding
        frame = FrameChain.Frame(
            size: size, seconds: Double(samples) / Double(hertz), kind: version << 4 | rate << 2 | (4 - layer))
    }
}
