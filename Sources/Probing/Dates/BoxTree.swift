internal import Reading

extension MediaBoxes {
    private static let maximumChildren = 2000

    /// The boxes that stand one behind the other in a range of the file.
    static func children(of file: FileBytes, in range: Range<Int64>) -> [Box] {
        var boxes: [Box] = []
        var position = range.lowerBound
        while position < range.upperBound, boxes.count < maximumChildren, let box = box(file, position),
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
}

extension MediaBoxes.Box {
    /// Bytes of the content, at most so many.
    func size(upTo limit: Int) -> Int { Int(min(max(0, end - content), Int64(limit))) }
}
