internal import Artefacts
internal import InspectionWire
internal import Reading

/// A chain of sound frames, each of which says how long it is: MP3, AAC, AMR.
struct FrameChain {
    /// Bytes and seconds of one frame.
    struct Frame {
        let size: Int
        let seconds: Double
        /// What all frames of a file have in common.
        var kind = 0
    }

    private(set) var frames = 0
    private(set) var seconds = 0.0
    /// Where the chain ends.
    private(set) var end: Int64
    private(set) var isCut = false
    let kind: Int

    /// Ten hours of the shortest frames.
    private static let maximumFrames = 2_000_000
    private static let blockSize = 256 << 10

    /// Follows the chain from `start` on.
    init(_ file: FileBytes, from start: Int64, headSize: Int, _ frame: (ArraySlice<UInt8>) -> Frame?) {
        end = start
        var block: [UInt8] = []
        var blockStart: Int64 = start
        var first: Int?
        while frames < Self.maximumFrames, end < file.size {
            if end + Int64(headSize) > blockStart + Int64(block.count) {
                blockStart = end
                block = file.read(at: end, count: Self.blockSize)
            }
            let offset = Int(end - blockStart)
            guard offset + headSize <= block.count else {
                isCut = true
                break
            }
            guard let next = frame(block[offset..<offset + headSize]), next.size > 0,
                first == nil || first == next.kind
            else { break }
            first = next.kind
            guard end + Int64(next.size) <= file.size else {
                isCut = true
                break
            }
            frames += 1
            seconds += next.seconds
            end += Int64(next.size)
        }
        kind = first ?? 0
    }

    /// Whole where it goes to the end, or to a tag behind it.
    func wholeness(_ file: FileBytes) -> Wholeness {
        if isCut { return .damaged(evidence: "the last frame is cut") }
        return end == file.size || SoundTags.isTag(file, at: end) ? .whole : .unknown
    }
}

/// The tags before and behind frames of sound.
///
/// Source: ID3v2.4, section 3.1; ID3v1; APEv2.
enum SoundTags {
    /// Where the first frame begins.
    static func end(_ file: FileBytes, _ head: [UInt8]) -> Int64? {
        guard head.has("ID3"), head.count >= 10, head[6...9].allSatisfy({ $0 < 0x80 }) else { return 0 }
        let size = head[6...9].reduce(0 as Int64) { $0 << 7 | Int64($1) } + 10 + (head[5] & 0x10 != 0 ? 10 : 0)
        guard size < file.size else { return nil }
        // Some writers fill up behind the tag.
        let rest = file.read(at: size, count: 8192)
        return size + Int64(rest.firstIndex { $0 != 0 } ?? 0)
    }

    static func isTag(_ file: FileBytes, at position: Int64) -> Bool {
        let head = file.read(at: position, count: 8)
        return (head.has("TAG") && position + 128 <= file.size) || head.has("APETAGEX") || head.has("LYRICSBE")
            || head.has("ID3")
    }
}
