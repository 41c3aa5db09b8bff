internal import Reading

/// One box of an MP4, a MOV, a 3GP or a HEIF.
///
/// Source: ISO/IEC 14496-12, section 4.2.
struct Box {
    let type: String
    let start: Int64
    /// Where its content begins.
    let content: Int64
    let end: Int64

    var body: Range<Int64> { content..<end }

    /// The boxes that fill a range from its first byte to its last.
    ///
    /// - Throws: `.notUnderstood` where they do not.
    static func all(
        _ file: FileBytes, in range: Range<Int64>, atMost limit: Int = 10_000
    ) throws(StrippingError) -> [Box] {
        var boxes: [Box] = []
        var position = range.lowerBound
        while position < range.upperBound {
            guard boxes.count < limit else { throw .notUnderstood("too many boxes") }
            let box = try box(file, at: position, until: range.upperBound)
            boxes.append(box)
            position = box.end
        }
        return boxes
    }

    private static func box(_ file: FileBytes, at position: Int64, until end: Int64) throws(StrippingError) -> Box {
        let head = file.read(at: position, count: 16)
        guard head.count >= 8, let type = head.fourCharacters(4) else {
            throw .notUnderstood("a box that is cut short")
        }
        let short: UInt32 = try head.number(0)
        var content = position + 8
        var size = Int64(short)
        if short == 0 { size = end - position }
        if short == 1 {
            size = try head.number(8)
            content += 8
        }
        guard size >= content - position, size <= end - position else {
            throw .notUnderstood("a box that is longer than what it is in")
        }
        return Box(type: type, start: position, content: content, end: position + size)
    }
}

extension InPlaceEdits {
    /// Makes a box one that readers skip, full of zeros.
    mutating func free(_ box: Box) {
        replace(box.start + 4..<box.start + 8, with: Array("free".utf8))
        replace(box.body)
    }
}
