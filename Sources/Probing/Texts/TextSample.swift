internal import Glibc
internal import Reading

/// The beginning of a file that is text.
struct TextSample {
    /// As much as is looked at, decoded.
    let text: String
    /// Without what stands before the first word, in small letters.
    let lower: Substring
    /// The first that are not empty; those of a table that are looked at, and one more.
    let lines: [Substring]

    static let size = 16 << 10
    private static let maximumLines = 21
    private static let maximumScan: Int64 = 64 << 20

    /// `nil` where the bytes are no text: neither UTF-8 nor UTF-16 nor Windows-1252, or with a zero in it.
    init?(_ file: FileBytes, _ head: [UInt8]) {
        let head = Array(head.prefix(Self.size))
        guard !head.isEmpty, let text = Self.decode(head) else { return nil }
        if !Self.isWide(head), Self.hasZero(file) { return nil }
        self.text = text
        lower = text.lowercased().drop { $0.isWhitespace || $0 == "\u{FEFF}" || $0 == "\u{200E}" }
        lines = text.split(
            maxSplits: Self.maximumLines, omittingEmptySubsequences: true, whereSeparator: \.isNewline
        ).prefix(Self.maximumLines).map(\.self)
    }

    private static func isWide(_ head: [UInt8]) -> Bool {
        head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF])
    }

    private static func decode(_ head: [UInt8]) -> String? {
        if isWide(head) {
            let units = stride(from: 2, to: head.count - 1, by: 2).compactMap { index -> UInt16? in
                head[0] == 0xFF ? head.littleEndian(index) : head.bigEndian(index)
            }
            let text = String(decoding: units, as: UTF16.self)
            return text.contains("\0") ? nil : text
        }
        guard head.allSatisfy({ $0 >= 0x20 || (7...13).contains($0) || $0 == 0x1B }) else { return nil }
        // The sample may end within a character.
        for cut in 0..<4 where head.count > cut {
            if let text = String(validating: head.dropLast(head.count < size ? 0 : cut), as: UTF8.self) { return text }
        }
        // Windows-1252 leaves five codes out.
        guard !head.contains(where: { [0x81, 0x8D, 0x8F, 0x90, 0x9D].contains($0) }) else { return nil }
        let letters = head.count { ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || $0 == 0x20 || $0 == 0x0A || $0 == 0x0D }
        return letters * 2 > head.count ? String(decoding: head, as: UTF8.self) : nil
    }

    private static func hasZero(_ file: FileBytes) -> Bool {
        var found = false
        file.scan(from: 0, to: maximumScan) { _, piece in
            if let base = piece.baseAddress, memchr(base, 0, piece.count) != nil { found = true }
            return found ? .enough : .onwards
        }
        return found
    }
}
