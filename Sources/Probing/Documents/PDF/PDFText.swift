internal import Reading

/// Single values in the text of a PDF dictionary.
///
/// Source: ISO 32000-2, section 7.3.
struct PDFText {
    let bytes: [UInt8]

    /// The string behind a name, literal or in hexadecimal digits.
    func string(_ name: String) -> [UInt8]? {
        guard let start = place(behind: name) else { return nil }
        return Self.string(bytes, from: start)?.value
    }

    /// The whole number behind a name.
    func number(_ name: String) -> Int? {
        guard let start = place(behind: name) else { return nil }
        let word = bytes[start...].prefix(12).prefix { (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2B }
        return Int(String(decoding: word, as: UTF8.self))
    }

    func has(_ word: String) -> Bool { bytes.contains(text: word) }

    /// Where the value begins; a longer name that begins the same is another.
    private func place(behind name: String) -> Int? {
        var from = 0
        while let place = bytes.firstIndex(of: name, from: from) {
            let end = place + name.utf8.count
            guard end < bytes.count else { return nil }
            if bytes[end] <= 0x20 || [0x28, 0x3C, 0x5B, 0x2F].contains(bytes[end]) {
                return bytes[end...].firstIndex { $0 > 0x20 }
            }
            from = end
        }
        return nil
    }

    /// A string, and where it ends.
    static func string(_ bytes: [UInt8], from start: Int) -> (value: [UInt8], end: Int)? {
        guard start < bytes.count else { return nil }
        if bytes[start] == UInt8(ascii: "<") { return hexadecimal(bytes, from: start + 1) }
        guard bytes[start] == UInt8(ascii: "(") else { return nil }
        var value: [UInt8] = []
        var depth = 1
        var index = start + 1
        while index < bytes.count, value.count < 4096 {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                if depth == 0 { return (value, index) }
            case UInt8(ascii: "\\"):
                if let escaped = escape(bytes, &index) { value.append(escaped) }
                continue
            default: break
            }
            value.append(byte)
        }
        return nil
    }

    private static func escape(_ bytes: [UInt8], _ index: inout Int) -> UInt8? {
        guard index < bytes.count else { return nil }
        let byte = bytes[index]
        let digits = bytes[index...].prefix(3).prefix { (0x30...0x37).contains($0) }
        if !digits.isEmpty {
            index += digits.count
            return UInt8(truncatingIfNeeded: digits.reduce(0) { $0 << 3 | Int($1 - 0x30) })
        }
        index += 1
        switch byte {
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case 0x0D:
            if index < bytes.count, bytes[index] == 0x0A { index += 1 }
            return nil
        case 0x0A: return nil
        default: return byte
        }
    }

    private static func hexadecimal(_ bytes: [UInt8], from start: Int) -> (value: [UInt8], end: Int)? {
        guard let end = bytes[start...].prefix(8192).firstIndex(of: UInt8(ascii: ">")) else { return nil }
        var digits = bytes[start..<end].filter { $0 > 0x20 }
        if digits.count % 2 == 1 { digits.append(0x30) }
        let value = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
        return (value, end + 1)
    }
}
