internal import InspectionWire
internal import Reading

/// The chunks of a RIFF file.
///
/// Source: Multimedia Programming Interface and Data Specifications 1.0; EBU Tech 3306 for RF64.
struct RIFFChunks {
    struct Chunk {
        let type: String
        /// Where its content begins.
        let start: Int64
        let size: Int64
    }

    /// Such as `WAVE`.
    let form: String
    let is64Bit: Bool
    let chunks: [Chunk]
    let wholeness: Wholeness
    /// Behind the last RIFF; `nil` where its size is not known.
    let end: Int64?

    private static let maximumChunks = 4096

    init?(_ file: FileBytes, _ head: [UInt8]) {
        guard head.has("RIFF") || head.has("RF64"), let form = head.fourCharacters(8),
            let size: UInt32 = head.littleEndian(4)
        else { return nil }
        self.form = form
        is64Bit = head.has("RF64")
        let long: Int64? = is64Bit && head.has("ds64", at: 12) ? head.littleEndian(20) : nil
        (wholeness, end) = Self.ending(
            file, size: long ?? Int64(size), isStreamed: long == nil && (size == 0 || size == .max))
        chunks = Self.chunks(of: file, from: 12, to: file.size)
    }

    /// The chunks that stand one behind the other in a part of a file; the last may be cut.
    static func chunks(of file: FileBytes, from start: Int64, to end: Int64) -> [Chunk] {
        var chunks: [Chunk] = []
        var position = start
        while chunks.count < maximumChunks, position + 8 <= end {
            let head = file.read(at: position, count: 8)
            guard let type = head.fourCharacters(0), let size: UInt32 = head.littleEndian(4) else { break }
            chunks.append(Chunk(type: type, start: position + 8, size: Int64(size)))
            position += 8 + Int64(size) + Int64(size & 1)
        }
        return chunks
    }

    /// A recorder that was cut off leaves the size 0 or all ones: no damage by itself.
    ///
    /// A long AVI is several RIFFs one behind the other.
    private static func ending(_ file: FileBytes, size: Int64, isStreamed: Bool) -> (Wholeness, Int64?) {
        if isStreamed { return (.unknown, nil) }
        guard size >= 4, size < 1 << 60 else { return (.damaged(evidence: "no RIFF size"), nil) }
        var end = size + 8
        for _ in 0..<maximumChunks {
            let next = file.read(at: end + end % 2, count: 12)
            guard next.has("RIFF"), next.has("AVIX", at: 8), let size: UInt32 = next.littleEndian(4) else { break }
            end += end % 2 + 8 + Int64(size)
        }
        // The padding byte of the last chunk may be missing, or counted.
        return (.whole(end <= file.size + 1, or: "shorter than its RIFF size"), min(file.size, end + end % 2))
    }

    subscript(_ type: String) -> Chunk? { chunks.first { $0.type == type } }
}
