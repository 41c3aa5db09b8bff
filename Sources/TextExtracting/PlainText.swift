internal import Reading

/// Text as it is, in the character set that it seems to be in.
enum PlainText {
    /// More than becomes of it.
    private static let maximumSize = 4 << 20

    static func append(_ file: FileBytes, to text: inout CleanText) throws {
        text.append(decoded(file))
    }

    /// The beginning of a file as text.
    static func decoded(_ file: FileBytes) -> String {
        let bytes = file.read(at: 0, count: maximumSize)
        return decoded(bytes, isCut: Int64(bytes.count) < file.size)
    }

    /// A byte-order mark decides, then whether it is UTF-8; UTF-16 has zeros
    /// at every other place, and what is left is Windows' own set.
    ///
    /// Source: Unicode 15, section 2.6 (byte-order marks); WHATWG Encoding (windows-1252).
    static func decoded(_ bytes: [UInt8], isCut: Bool = false) -> String {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return String(decoding: bytes, as: UTF8.self) }
        if bytes.starts(with: [0xFF, 0xFE]) { return Charset.utf16(bytes, isBigEndian: false) }
        if bytes.starts(with: [0xFE, 0xFF]) { return Charset.utf16(bytes, isBigEndian: true) }
        let sample = bytes.prefix(4096)
        let zeros = [0, 1].map { first in
            stride(from: first, to: sample.count, by: 2).count { sample[$0] == 0 }
        }
        if max(zeros[0], zeros[1]) * 4 > sample.count, min(zeros[0], zeros[1]) * 16 < sample.count {
            return Charset.utf16(bytes, isBigEndian: zeros[0] > zeros[1])
        }
        // A file that is cut off may be cut within a character.
        let whole = isCut ? Array(bytes.dropLast(bytes.reversed().prefix { $0 & 0xC0 == 0x80 }.count + 1)) : bytes
        return String(validating: whole, as: UTF8.self) ?? Charset.windows1252(bytes)
    }
}
