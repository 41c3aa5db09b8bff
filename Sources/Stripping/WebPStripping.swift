internal import Reading

/// Leaves of a WebP its frames, its transparency and its colours.
///
/// Source: RFC 9649, section 2.
struct WebPStripping {
    private let file: FileBytes

    private struct Chunk {
        let type: String
        let content: Range<Int64>
        /// With the head, and the byte that makes the length even.
        let range: Range<Int64>
    }

    private static let kept: Set<String> = ["VP8 ", "VP8L", "ALPH", "ANIM", "ICCP"]
    private static let keptInFrames: Set<String> = ["VP8 ", "VP8L", "ALPH"]
    private static let maximumChunks = 100_000
    private static let exifFlag: UInt8 = 0x08
    private static let xmpFlag: UInt8 = 0x04

    init(_ file: FileBytes) { self.file = file }

    func plan() throws(StrippingError) -> CopyPlan {
        let head = try file.exactly(at: 0, count: 12)
        guard head.has("RIFF"), head.has("WEBP", at: 8), let size: UInt32 = head.littleEndian(4),
            Int64(size) + 8 <= file.size
        else { throw .notUnderstood("no RIFF of a WebP") }
        let chunks = try chunks(in: 12..<Int64(size) + 8)
        guard chunks.contains(where: { ["VP8 ", "VP8L", "ANMF"].contains($0.type) }) else {
            throw .notUnderstood("a WebP without an image")
        }
        let exif = try chunks.first { $0.type == "EXIF" && $0.content.count <= 64 << 10 }
            .map { chunk throws(StrippingError) in
                try file.exactly(at: chunk.content.lowerBound, count: chunk.content.count)
            }
        let orientation = ExifOrientation.block(from: exif.map(Self.withoutPrefix) ?? [])
        return try plan(chunks, orientation)
    }

    private func plan(_ chunks: [Chunk], _ orientation: [UInt8]) throws(StrippingError) -> CopyPlan {
        var body = CopyPlan()
        var size: Int64 = 4
        for chunk in chunks {
            switch chunk.type {
            case "VP8X":
                guard chunk.content.count == 10 else { throw .notUnderstood("a VP8X chunk") }
                var bytes = try file.exactly(at: chunk.range.lowerBound, count: 18)
                bytes[8] &= ~(Self.exifFlag | Self.xmpFlag)
                if !orientation.isEmpty { bytes[8] |= Self.exifFlag }
                body.add(bytes)
            case "ANMF": try keepFrame(chunk, in: &body)
            case _ where Self.kept.contains(chunk.type): body.keep(chunk.range)
            default: continue
            }
            size += Int64(chunk.range.count)
        }
        if !orientation.isEmpty {
            let chunk = Array("EXIF".utf8) + [UInt8(orientation.count), 0, 0, 0] + orientation
            body.add(chunk)
            size += Int64(chunk.count)
        }
        var plan = CopyPlan()
        plan.add(
            Array("RIFF".utf8) + withUnsafeBytes(of: UInt32(size).littleEndian) { Array($0) } + Array("WEBP".utf8))
        for part in body.parts { plan.append(part) }
        return plan
    }

    /// A frame holds chunks behind its sixteen bytes, and nothing else is let in.
    private func keepFrame(_ frame: Chunk, in plan: inout CopyPlan) throws(StrippingError) {
        guard frame.content.count >= 16,
            try chunks(in: frame.content.lowerBound + 16..<frame.content.upperBound)
                .allSatisfy({ Self.keptInFrames.contains($0.type) })
        else { throw .notUnderstood("a frame of a WebP") }
        plan.keep(frame.range)
    }

    private func chunks(in range: Range<Int64>) throws(StrippingError) -> [Chunk] {
        var chunks: [Chunk] = []
        var position = range.lowerBound
        while position < range.upperBound {
            let head = try file.exactly(at: position, count: 8)
            guard let type = head.fourCharacters(0), let length: UInt32 = head.littleEndian(4),
                chunks.count < Self.maximumChunks
            else { throw .notUnderstood("a chunk of a WebP") }
            let end = position + 8 + Int64(length)
            guard end + Int64(length & 1) <= range.upperBound else { throw .notUnderstood("a chunk that is too long") }
            chunks.append(
                Chunk(type: type, content: position + 8..<end, range: position..<end + Int64(length & 1)))
            position = end + Int64(length & 1)
        }
        return chunks
    }

    /// Some programs write EXIF as in a JPEG.
    private static func withoutPrefix(_ exif: [UInt8]) -> [UInt8] {
        exif.has("Exif\0\0") ? Array(exif[6...]) : exif
    }
}
