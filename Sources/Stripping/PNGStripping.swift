internal import CHashing
internal import Reading

/// Leaves of a PNG what draws it, frames of an animation among it.
///
/// Every chunk that stays has its checksum proved, so that none hides another.
///
/// Source: ISO/IEC 15948:2023 (PNG, third edition), sections 5 and 11.
struct PNGStripping {
    private let file: FileBytes

    private static let kept: Set<String> = [
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV", "mDCv", "cLLI",
        "cLLi", "bKGD", "pHYs", "acTL", "fcTL", "fdAT",
    ]
    private static let maximumChunks = 1_000_000

    init(_ file: FileBytes) { self.file = file }

    func plan() throws(StrippingError) -> CopyPlan {
        guard file.read(at: 0, count: 8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] else {
            throw .notUnderstood("no PNG signature")
        }
        var plan = CopyPlan()
        plan.keep(0..<8)
        var position: Int64 = 8
        for _ in 0..<Self.maximumChunks {
            let head = try file.exactly(at: position, count: 8)
            let length = Int64(try head.number(0, as: UInt32.self))
            let range = position..<position + 12 + length
            guard let type = head.fourCharacters(4), range.upperBound <= file.size else {
                throw .notUnderstood("a chunk that is cut short")
            }
            if Self.kept.contains(type) {
                guard try isProved(range) else { throw .notUnderstood("a chunk with a wrong checksum") }
                plan.keep(range)
            } else if type == "eXIf", length <= 64 << 10 {
                plan.add(try orientation(try file.exactly(at: position + 8, count: Int(length))))
            } else if head[4] & 0x20 == 0 {
                throw .notUnderstood("an unknown chunk that a decoder needs")
            }
            if type == "IEND" { return plan }
            position = range.upperBound
        }
        throw .notUnderstood("too many chunks")
    }

    /// A chunk that says how to turn the picture, or nothing.
    private func orientation(_ exif: [UInt8]) throws(StrippingError) -> [UInt8] {
        let block = ExifOrientation.block(from: exif)
        guard !block.isEmpty else { return [] }
        let content = Array("eXIf".utf8) + block
        return [0, 0, 0, UInt8(block.count)] + content
            + withUnsafeBytes(of: Self.checksum(0, content).bigEndian) { Array($0) }
    }

    private func isProved(_ chunk: Range<Int64>) throws(StrippingError) -> Bool {
        var checksum: UInt32 = 0
        var position = chunk.lowerBound + 4
        let end = chunk.upperBound - 4
        while position < end {
            let bytes = try file.exactly(at: position, count: Int(min(64 << 10, end - position)))
            checksum = Self.checksum(checksum, bytes)
            position += Int64(bytes.count)
        }
        return checksum == (try file.exactly(at: end, count: 4).number(0, as: UInt32.self))
    }

    private static func checksum(_ before: UInt32, _ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32(UInt(before), bytes, UInt32(bytes.count)))
    }
}
