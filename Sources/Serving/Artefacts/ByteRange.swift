/// The part of a representation that a `Range` field asks for.
///
/// Source: RFC 9110, section 14.
enum ByteRange: Equatable {
    /// Everything: there is no range, or one that may be ignored.
    case whole
    /// A half-open range of bytes that are there.
    case part(Range<Int64>)
    /// Several half-open ranges of bytes that are there, in the order asked for.
    case parts([Range<Int64>])
    /// Only ranges that begin after the last byte.
    case unsatisfiable

    /// More ranges, or more bytes in them than there are, are answered with the
    /// whole: nobody needs them, and they cost more than it does.
    ///
    /// Source: RFC 9110, section 17.15.
    private static let mostParts = 32

    /// Reads the field for a representation of `size` bytes.
    init(parsing field: String?, size: Int64) {
        guard let field, let set = Self.set(in: field) else {
            self = .whole
            return
        }
        var ranges: [Range<Int64>] = []
        let items = set.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        for item in items {
            switch Self.range(item, size) {
            case .some(let range?): ranges.append(range)
            case .some(nil): continue
            case nil:
                self = .whole
                return
            }
        }
        if ranges.isEmpty {
            self = .unsatisfiable
        } else if ranges.count == 1 {
            self = .part(ranges[0])
        } else if ranges.count > Self.mostParts || ranges.reduce(0, { $0 + Int64($1.count) }) > size {
            self = .whole
        } else {
            self = .parts(ranges)
        }
    }

    /// One range; inside it `nil` if it cannot be satisfied, and `nil` if it is malformed.
    private static func range(_ text: Substring.UTF8View, _ size: Int64) -> Range<Int64>?? {
        let text = text.trimming { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let ends = text.split(separator: UInt8(ascii: "-"), maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        switch (number(ends[0]), number(ends[1])) {
        case (.number(let first), .number(let last)) where first <= last:
            return .some(first < size ? first..<min(last, size - 1) + 1 : nil)
        case (.number(let first), .none):
            return .some(first < size ? first..<size : nil)
        case (.none, .number(let suffix)):
            return .some(suffix > 0 && size > 0 ? max(0, size - suffix)..<size : nil)
        default:
            return nil
        }
    }

    private enum End {
        case none, number(Int64), malformed
    }

    private static func set(in field: String) -> Substring.UTF8View? {
        let parts = field.utf8.split(separator: UInt8(ascii: "="), maxSplits: 1)
        guard parts.count == 2, Substring(parts[0]).lowercased() == "bytes" else { return nil }
        return parts[1]
    }

    private static func number(_ text: Substring.UTF8View) -> End {
        if text.isEmpty { return .none }
        guard text.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return .malformed
        }
        // More digits than fit are a position beyond every file.
        return .number(Int64(Substring(text)) ?? .max - 1)
    }
}

extension Substring.UTF8View {
    fileprivate func trimming(_ isLeftOut: (UInt8) -> Bool) -> Self {
        var rest = drop(while: isLeftOut)
        while let last = rest.last, isLeftOut(last) { rest.removeLast() }
        return rest
    }
}
