/// What a copy is made of, in order. Nothing is written before all of it is known.
struct CopyPlan {
    enum Part: Equatable {
        /// Bytes of the original.
        case original(Range<Int64>)
        /// Bytes of ours.
        case bytes([UInt8])
        /// So many zeros.
        case zeros(Int64)
    }

    private(set) var parts: [Part] = []

    /// Adds a range of the original.
    mutating func keep(_ range: Range<Int64>) {
        guard !range.isEmpty else { return }
        if case .original(let last)? = parts.last, last.upperBound == range.lowerBound {
            parts[parts.count - 1] = .original(last.lowerBound..<range.upperBound)
        } else {
            parts.append(.original(range))
        }
    }

    /// Adds a part of another plan.
    mutating func append(_ part: Part) {
        if case .original(let range) = part { keep(range) } else { parts.append(part) }
    }

    /// Adds bytes of ours.
    mutating func add(_ bytes: [UInt8]) {
        if !bytes.isEmpty { parts.append(.bytes(bytes)) }
    }

    /// Adds zeros.
    mutating func addZeros(_ count: Int64) {
        if count > 0 { parts.append(.zeros(count)) }
    }
}
