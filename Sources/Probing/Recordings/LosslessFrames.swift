internal import Artefacts
internal import InspectionWire
internal import Reading

/// A FLAC: blocks about it, then frames, each with a check at its end.
///
/// Source: RFC 9639, sections 8, 9.1 and 9.3.
enum LosslessFrames {
    private static let maximumBlocks = 4096
    private static let searched = 256 << 10
    private static let maximumCandidates = 64

    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard head.has("fLaC") else { return nil }
        var finding = FormatFinding("audio/flac", puid: "fmt/279")
        var position: Int64 = 4
        for _ in 0..<maximumBlocks {
            let head = file.read(at: position, count: 4)
            guard head.count == 4 else { break }
            position += 4 + head[1...3].reduce(0) { $0 << 8 | Int64($1) }
            guard head[0] & 0x80 != 0 else { continue }
            finding.wholeness = wholeness(file, from: position)
            return finding
        }
        finding.wholeness = .damaged(evidence: "the blocks before the frames are cut")
        return finding
    }

    /// The last frame is there when some frame's check is right at the end of the file.
    private static func wholeness(_ file: FileBytes, from start: Int64) -> Wholeness {
        guard file.read(at: start, count: 1) == [0xFF] else { return .damaged(evidence: "no frames") }
        let isTagged = SoundTags.isTag(file, at: file.size - 128)
        let tail = file.read(at: max(start, file.size - Int64(searched)), count: searched).dropLast(isTagged ? 128 : 0)
        let candidates = tail.indices.dropLast().reversed().lazy.filter {
            tail[$0] == 0xFF && tail[$0 + 1] & 0xFE == 0xF8
        }
        for candidate in candidates.prefix(maximumCandidates) where check(tail[candidate...]) == 0 { return .whole }
        return .damaged(evidence: "the last frame is cut")
    }

    /// Of a frame with its check, which makes zero of it.
    private static func check(_ frame: ArraySlice<UInt8>) -> UInt16 {
        frame.reduce(0) { $0 << 8 ^ table[Int(UInt8($0 >> 8) ^ $1)] }
    }

    private static let table: [UInt16] = (0..<256).map { index in
        (0..<8).reduce(UInt16(index) << 8) { value, _ in value & 1 << 15 != 0 ? value << 1 ^ 0x8005 : value << 1 }
    }
}
