/// The part of a representation that a `Range` field asks for.
///
/// Source: RFC 9110, section 14.
enum ByteRange: Equatable {
    /// Everything: there is no range, or one that may be ignored.
    case whole
    /// A half-open range of bytes that are there.
    case part(Range<Int64>)
    /// A range that begins after the last byte.
    case unsatisfiable

    /// Reads the field for a representation of `size` bytes.
    ///
    /// Several ranges in one field are answered with the whole, which is allowed.
    init(parsing field: String?, size: Int64) {
        guard let field, let set = Self.set(in: field), !set.contains(",") else {
            self = .whole
            return
        }
        let ends = set.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2 else {
            self = .whole
            return
        }
        switch (Self.number(ends[0]), Self.number(ends[1])) {
        case (.number(let first), .number(let last)) where first <= last:
            self = first < size ? .part(first..<min(last, size - 1) + 1) : .unsatisfiable
        case (.number(let first), .none):
            self = first < size ? .part(first..<size) : .unsatisfiable
        case (.none, .number(let suffix)):
            self = suffix > 0 && size > 0 ? .part(max(0, size - suffix)..<size) : .unsatisfiable
        default:
            self = .whole
        }
    }

    private enum End {
        case none, number(Int64), malformed
    }

    private static func set(in field: String) -> Substring? {
        let parts = field.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bytes" else { return nil }
        return parts[1]
    }

    private static func number(_ text: Substring) -> End {
        let digits = text.drop { $0 == " " }
        if digits.isEmpty { return .none }
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return .malformed
        }
        // More digits than fit are a position beyond every file.
        return .number(Int64(digits) ?? .max - 1)
    }
}
