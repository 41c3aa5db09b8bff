/// Headers with words in other character sets: `=?utf-8?Q?Caf=C3=A9?=`.
///
/// Source: RFC 2047, sections 2, 4 and 6.2.
enum MailWords {
    static func decoded(_ header: String) -> String {
        var shown = ""
        var rest = header[...]
        var followsWord = false
        while let start = rest.firstRange(of: "=?") {
            let before = rest[..<start.lowerBound]
            guard let (word, end) = word(rest[start.upperBound...]) else {
                shown += rest[..<start.upperBound]
                rest = rest[start.upperBound...]
                followsWord = false
                continue
            }
            // Spaces between two such words only keep them apart.
            if !followsWord || !before.allSatisfy(\.isWhitespace) { shown += before }
            shown += word
            rest = rest[end...]
            followsWord = true
        }
        return shown + rest
    }

    private static func word(_ text: Substring) -> (String, Substring.Index)? {
        let fields = text.prefix(1000).split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
        guard fields.count == 4, fields[3].first == "=", fields[1].count == 1 else { return nil }
        let bytes: [UInt8]
        switch fields[1].lowercased() {
        case "b": bytes = MailPart.base64(fields[2].utf8)
        case "q":
            bytes = MailPart.quotedPrintable(
                Array(fields[2].utf8.map { $0 == UInt8(ascii: "_") ? 0x20 : $0 })[...])
        default: return nil
        }
        // A language may follow the set behind a star.
        let charset = fields[0].prefix { $0 != "*" }
        return (Charset.decoded(bytes, String(charset)), fields[3].index(after: fields[3].startIndex))
    }
}
