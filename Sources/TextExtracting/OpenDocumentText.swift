internal import Reading

/// The text of an ODT, ODS or ODP.
///
/// Source: OASIS OpenDocument 1.3, part 3, chapters 5, 6 and 9.
enum OpenDocumentText {
    static func append(_ file: FileBytes, to text: inout CleanText) throws {
        let archive = try ZipArchive(file)
        let manifest = OpenDocumentManifest()
        try archive.readXML("META-INF/manifest.xml", manifest)
        guard !manifest.isEncrypted else { throw TextExtractingError.encrypted }
        let content = OpenDocumentHandler(text)
        guard try archive.readXML("content.xml", content) else {
            throw TextExtractingError.notUnderstood("no content")
        }
        text = content.clean
    }
}

private final class OpenDocumentManifest: MarkupHandler {
    private(set) var isEncrypted = false

    var hasEnough: Bool { isEncrypted }

    func start(_ name: String, _ attributes: [String: String]) {
        if name == "encryption-data" { isEncrypted = true }
    }

    func end(_ name: String) {}

    func text(_ text: String) {}
}

private final class OpenDocumentHandler: MarkupHandler {
    /// Changes, comments, speaker's notes, and what is said of pictures.
    let skipped: Set<String> = [
        "tracked-changes", "annotation", "notes", "forms", "ruby-text", "hidden-text", "title", "desc",
    ]

    private(set) var clean: CleanText
    private var paragraphs = 0
    private var cells = 0

    init(_ text: CleanText) { clean = text }

    var hasEnough: Bool { clean.isFull }

    func start(_ name: String, _ attributes: [String: String]) {
        switch name {
        case "p", "h": paragraphs += 1
        case "table-cell": cells += 1
        case "s": clean.append(" ")
        case "tab": clean.append("\t")
        case "line-break": clean.endLine()
        default: break
        }
    }

    func end(_ name: String) {
        switch name {
        case "p", "h":
            paragraphs -= 1
            if cells > 0 { clean.append(" ") } else { clean.endLine() }
        case "table-cell":
            cells -= 1
            clean.append("\t")
        case "table-row": clean.endLine()
        case "page", "table": clean.endParagraph()
        default: break
        }
    }

    func text(_ text: String) {
        if paragraphs > 0 { clean.append(text) }
    }
}
