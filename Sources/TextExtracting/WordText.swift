internal import Reading

/// The text of a DOCX: its body, its notes, its headers and footers.
///
/// Source: ECMA-376 Part 1, chapter 17 (WordprocessingML).
enum WordText {
    private static let main = "word/document.xml"

    static func append(_ file: FileBytes, to text: inout CleanText) throws {
        let archive = try ZipArchive(file)
        let body = WordHandler(text)
        guard try archive.readXML(main, body) else { throw TextExtractingError.notUnderstood("no document") }
        let others = archive.members.map(\.name).filter { name in
            name.hasSuffix(".xml")
                && ["word/footnotes", "word/endnotes", "word/header", "word/footer"].contains { name.hasPrefix($0) }
        }
        for name in others.prefix(64) { try archive.readXML(name, body) }
        text = body.clean
    }
}

private final class WordHandler: MarkupHandler {
    /// Settings, what was deleted or moved away, and second forms of the same.
    let skipped: Set<String> = [
        "pPr", "sectPr", "tblPr", "trPr", "tcPr", "del", "moveFrom", "Fallback", "rt",
    ]
    private static let off: Set<String> = ["0", "false", "off"]

    private(set) var clean: CleanText
    private var isHidden = false
    private var isInText = false

    init(_ text: CleanText) { clean = text }

    var hasEnough: Bool { clean.isFull }

    func start(_ name: String, _ attributes: [String: String]) {
        switch name {
        case "r": isHidden = false
        case "vanish": isHidden = !(attributes["w:val"].map { Self.off.contains($0) } ?? false)
        case "t": isInText = !isHidden
        case "tab", "ptab": clean.append("\t")
        case "br", "cr": clean.endLine()
        case "noBreakHyphen": clean.append("-")
        default: break
        }
    }

    func end(_ name: String) {
        switch name {
        case "t": isInText = false
        case "p": clean.endLine()
        default: break
        }
    }

    func text(_ text: String) {
        if isInText { clean.append(text) }
    }
}
