internal import Reading

/// Turns bytes of a named character set into text, without any file.
///
/// Source: WHATWG Encoding, section 4.2 (the names that are in use).
enum Charset {
    /// Other names of sets.
    private static let aliases = [
        "latin1": "windows-1252", "iso-8859-1": "windows-1252", "us-ascii": "windows-1252", "ascii": "windows-1252",
        "cp1252": "windows-1252", "x-mac-roman": "macintosh", "latin-9": "iso-8859-15", "cp1250": "windows-1250",
        "cp1251": "windows-1251",
    ]

    /// Bytes as text; those of an unknown set as if they were UTF-8.
    static func decoded(_ bytes: [UInt8], _ name: String) -> String {
        let name = name.lowercased()
        switch name {
        case "utf-16", "utf-16le": return utf16(bytes, isBigEndian: bytes.starts(with: [0xFE, 0xFF]))
        case "utf-16be": return utf16(bytes, isBigEndian: !bytes.starts(with: [0xFF, 0xFE]))
        default: break
        }
        // Some senders name the wrong set.
        if let utf8 = String(validating: bytes, as: UTF8.self) { return utf8 }
        guard let upperHalf = SingleByteSets.upperHalves[aliases[name] ?? name] else {
            return String(decoding: bytes, as: UTF8.self)
        }
        return decoded(bytes, upperHalf)
    }

    /// A single byte of a Windows or DOS code page.
    static func decoded(_ byte: UInt8, codePage: Int) -> String {
        let names = [10000: "macintosh", 437: "ibm437", 850: "ibm850"]
        let name = names[codePage] ?? "windows-\(codePage)"
        guard let upperHalf = SingleByteSets.upperHalves[name] else { return windows1252([byte]) }
        return decoded([byte], upperHalf)
    }

    static func windows1252(_ bytes: [UInt8]) -> String {
        SingleByteSets.upperHalves["windows-1252"].map { decoded(bytes, $0) } ?? ""
    }

    private static func decoded(_ bytes: [UInt8], _ upperHalf: [UInt16]) -> String {
        String(decoding: bytes.map { $0 < 128 ? UInt16($0) : upperHalf[Int($0) - 128] }, as: UTF16.self)
    }

    static func utf16(_ bytes: [UInt8], isBigEndian: Bool) -> String {
        let units = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            UInt16(bytes[index + (isBigEndian ? 0 : 1)]) << 8 | UInt16(bytes[index + (isBigEndian ? 1 : 0)])
        }
        return String(decoding: units, as: UTF16.self)
    }
}
