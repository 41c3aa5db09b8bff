/// Changes of a file that keep its size, so that every offset in it stays true.
struct InPlaceEdits {
    private struct Edit {
        let range: Range<Int64>
        /// As long as the range or shorter; zeros fill the rest.
        let bytes: [UInt8]
    }

    private var edits: [Edit] = []

    /// Puts bytes in place of a range, and zeros behind them.
    mutating func replace(_ range: Range<Int64>, with bytes: [UInt8] = []) {
        guard !range.isEmpty else { return }
        precondition(bytes.count <= range.upperBound - range.lowerBound, "an edit is longer than its place")
        edits.append(Edit(range: range, bytes: bytes))
    }

    /// The copy of a file of `size` bytes.
    ///
    /// - Throws: `.notUnderstood` where two changes overlap, or one lies outside the file.
    func plan(size: Int64) throws(StrippingError) -> CopyPlan {
        var plan = CopyPlan()
        var position: Int64 = 0
        for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            guard edit.range.lowerBound >= position, edit.range.upperBound <= size else {
                throw .notUnderstood("parts that overlap")
            }
            plan.keep(position..<edit.range.lowerBound)
            plan.add(edit.bytes)
            plan.addZeros(edit.range.upperBound - edit.range.lowerBound - Int64(edit.bytes.count))
            position = edit.range.upperBound
        }
        plan.keep(position..<size)
        return plan
    }
}
