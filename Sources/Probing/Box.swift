internal import Reading

/// One box of an MP4, a MOV, a HEIC or a JPEG 2000.
///
/// Source: ISO/IEC 14496-12, section 4.2.
struct Box {
    let type: String
    /// Whether the type is written in letters, as those of all boxes are that stand in no other.
    let isNamed: Bool
    /// Where its content begins, and ends.
    let content: Int64
    let end: Int64

    private static let maximumChildren = 2000

    /// `nil` where there is none at this place.
    init?(_ file: FileBytes, _ position: Int64) {
        let head = file.read(at: position, count: 16)
        guard let short: UInt32 = head.bigEndian(0), let type = head.fourCharacters(4) else { return nil }
        self.type = type
        isNamed = head[4..<8].allSatisfy { (0x20...0x7E).contains($0) || $0 == 0xA9 }
        switch short {
        case 0: (content, end) = (position + 8, file.size)
        case 1:
            guard let long: Int64 = head.bigEndian(8), long >= 16, long <= .max - position else { return nil }
            (content, end) = (position + 16, position + long)
        case 2..<8: return nil
        default: (content, end) = (position + 8, position + Int64(short))
        }
    }

    /// The boxes that stand one behind the other in a range of the file.
    static func children(of file: FileBytes, in range: Range<Int64>) -> [Box] {
        var boxes: [Box] = []
        var position = range.lowerBound
        while position < range.upperBound, boxes.count < maximumChildren, let box = Box(file, position),
            box.end > position, box.end <= range.upperBound
        {
            boxes.append(box)
            position = box.end
        }
        return boxes
    }

    /// The boxes in a box.
    static func children(of file: FileBytes, in box: Box?) -> [Box] {
        box.map { children(of: file, in: $0.content..<max($0.content, $0.end)) } ?? []
    }

    /// Bytes of the content, at most so many.
    func size(upTo limit: Int) -> Int { Int(min(max(0, end - content), Int64(limit))) }
}
