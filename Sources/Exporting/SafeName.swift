internal import Artefacts

/// Names that every file system takes: ASCII letters, digits, hyphens and underscores.
enum SafeName {
    /// Most characters of a name before its extension, and of the extension.
    private static let (longestStem, longestExtension) = (80, 16)

    /// The text with everything else written as hyphens; `fallback` if nothing is left.
    static func plain(_ text: some StringProtocol, orElse fallback: String) -> String {
        let plain = plain(text, upTo: longestStem)
        return plain.isEmpty ? fallback : plain
    }

    /// The name with its extension kept, and no full stop but the one before it.
    static func plain(_ name: FileName) -> String {
        guard let suffix = name.fileExtension else { return plain(name.text, orElse: "file") }
        let stem = plain(name.text.dropLast(suffix.count + 1), orElse: "file")
        let plainSuffix = plain(suffix, upTo: longestExtension)
        return plainSuffix.isEmpty ? stem : "\(stem).\(plainSuffix)"
    }

    private static func plain(_ text: some StringProtocol, upTo limit: Int) -> String {
        let words = text.unicodeScalars.split { !isPlain($0) }.map { String(String.UnicodeScalarView($0)) }
        let joined = words.joined(separator: "-").prefix(limit)
        return String(joined.reversed().drop { $0 == "-" }.reversed().drop { $0 == "-" })
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
        default: false
        }
    }
}
