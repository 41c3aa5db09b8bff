/// Ranges of a file, in order and apart from one another.
struct ByteRanges {
    private(set) var ranges: [Range<Int64>] = []

    init(_ unordered: [Range<Int64>]) {
        for range in unordered.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = ranges.last, range.lowerBound <= last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                ranges.append(range)
            }
        }
    }

    /// Whether any byte is in both.
    func overlaps(_ other: ByteRanges) -> Bool {
        var (mine, theirs) = (0, 0)
        while mine < ranges.count, theirs < other.ranges.count {
            if ranges[mine].overlaps(other.ranges[theirs]) { return true }
            if ranges[mine].upperBound <= other.ranges[theirs].lowerBound { mine += 1 } else { theirs += 1 }
        }
        return false
    }

    /// What of `whole` is in none of the ranges.
    func gaps(in whole: Range<Int64>) -> [Range<Int64>] {
        var gaps: [Range<Int64>] = []
        var position = whole.lowerBound
        for range in ranges[first(after: whole.lowerBound)...] {
            guard range.lowerBound < whole.upperBound else { break }
            if range.lowerBound > position { gaps.append(position..<range.lowerBound) }
            position = max(position, range.upperBound)
        }
        if position < whole.upperBound { gaps.append(position..<whole.upperBound) }
        return gaps
    }

    /// The index of the first range that ends behind a position.
    private func first(after position: Int64) -> Int {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound <= position { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
