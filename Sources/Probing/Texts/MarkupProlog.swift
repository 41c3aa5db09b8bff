/// What stands before the root element, and the root's name; all in small letters.
///
/// Source: XML 1.0, section 2.8.
struct MarkupProlog {
    private(set) var isXML = false
    /// What follows `<!doctype`.
    private(set) var documentType: String?
    private(set) var declaresEntities = false
    private(set) var root: String?

    /// Whether something says that it is markup, be it cut short.
    var isMarkup: Bool { isXML || documentType != nil }

    private static let maximumParts = 100

    init(_ lower: Substring) {
        var rest = lower.prefix(32 << 10)
        for _ in 0..<Self.maximumParts {
            rest = rest.drop(while: \.isWhitespace)
            if rest.hasPrefix("<?") {
                isXML = isXML || rest.hasPrefix("<?xml")
                guard let end = rest.firstRange(of: "?>") else { return }
                rest = rest[end.upperBound...]
            } else if rest.hasPrefix("<!--") {
                guard let end = rest.firstRange(of: "-->") else { return }
                rest = rest[end.upperBound...]
            } else if rest.hasPrefix("<!doctype") {
                rest = rest.dropFirst(9).drop(while: \.isWhitespace)
                let plain = rest.prefix { $0 != "[" && $0 != ">" }
                documentType = String(plain.split(whereSeparator: \.isWhitespace).joined(separator: " "))
                rest = rest[plain.endIndex...]
                if rest.hasPrefix("[") {
                    declaresEntities = true
                    guard let end = rest.firstRange(of: "]") else { return }
                    rest = rest[end.upperBound...].drop(while: \.isWhitespace)
                }
                rest = rest.dropFirst()
            } else if rest.hasPrefix("<") {
                let name = rest.dropFirst().prefix { $0.isLetter || $0.isNumber || ":-_.".contains($0) }
                // A heart, `<3`, begins no element.
                root = name.first.map { $0.isLetter || $0 == "_" } ?? false ? String(name) : nil
                return
            } else {
                return
            }
        }
    }
}
