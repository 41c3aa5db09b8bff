internal import Reading

/// The `meta` box of a HEIC or AVIF: how large its pictures are, and where their bytes lie.
///
/// Source: ISO/IEC 14496-12, section 8.11.3; ISO/IEC 23008-12, section 6.5.3.
struct PictureItems {
    private(set) var width: Int?
    private(set) var height: Int?
    private(set) var damage: String?

    private static let maximumSize = 1 << 20

    init(_ file: FileBytes, from start: Int64, to end: Int64) {
        let meta = file.read(at: start, count: Int(max(0, min(end - start, Int64(Self.maximumSize)))))
        measure(meta)
        // The boxes stand behind version and flags.
        var index = 4
        while let size: UInt32 = meta.bigEndian(index), size >= 8, let type = meta.fourCharacters(index + 4) {
            guard Int64(index) + Int64(size) <= Int64(meta.count) else { break }
            if type == "iloc" { locate(Array(meta[index + 8..<index + Int(size)]), file.size) }
            index += Int(size)
        }
    }

    /// Takes the largest `ispe` property: the others are of tiles and thumbnails.
    private mutating func measure(_ meta: [UInt8]) {
        for index in meta.indices.dropLast(16) where meta[index] == UInt8(ascii: "i") && meta.has("ispe", at: index) {
            guard let w: UInt32 = meta.bigEndian(index + 8), let h: UInt32 = meta.bigEndian(index + 12),
                UInt64(w) * UInt64(h) > UInt64(width ?? 0) * UInt64(height ?? 0)
            else { continue }
            (width, height) = (Int(w), Int(h))
        }
    }

    /// Whether every item lies inside the file.
    private mutating func locate(_ box: [UInt8], _ size: Int64) {
        guard box.count >= 8 else { return }
        let version = box[0]
        let (offsetSize, lengthSize) = (Int(box[4] >> 4), Int(box[4] & 15))
        let (baseSize, indexSize) = (Int(box[5] >> 4), version > 0 ? Int(box[5] & 15) : 0)
        var index = 6
        func number(_ width: Int) -> Int64? {
            guard width <= 8, index + width <= box.count else { return nil }
            defer { index += width }
            let value = box[index..<index + width].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            return value < 1 << 60 ? Int64(value) : nil
        }
        guard let count = number(version < 2 ? 2 : 4) else { return }
        for _ in 0..<min(count, 65_536) {
            guard number(version < 2 ? 2 : 4) != nil, let method = version > 0 ? number(2) : 0, number(2) != nil,
                let base = number(baseSize), let extents = number(2)
            else { return }
            for _ in 0..<extents {
                guard number(indexSize) != nil, let offset = number(offsetSize), let length = number(lengthSize) else {
                    return
                }
                if method & 15 == 0, base + offset + length > size {
                    damage = "picture data behind the end"
                    return
                }
            }
        }
    }
}
