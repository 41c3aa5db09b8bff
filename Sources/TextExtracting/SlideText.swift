internal import Reading

/// The text of a PPTX, slide by slide in the order in which they are shown.
///
/// Notes and hidden slides are not shown.
///
/// Source: ECMA-376 Part 1, chapter 19 (PresentationML), section 21.1 (DrawingML text).
enum SlideText {
    private static let maximumSlides = 2000

    static func append(_ file: FileBytes, to text: inout CleanText) throws {
        let archive = try ZipArchive(file)
        let order = SlideOrder()
        guard try archive.readXML("ppt/presentation.xml", order) else {
            throw TextExtractingError.notUnderstood("no presentation")
        }
        let relations = try OfficeRelations(of: "presentation.xml", in: "ppt", archive)
        for reference in order.references.prefix(maximumSlides) where !text.isFull {
            guard let member = relations.member(reference) else { continue }
            let slide = SlideHandler(text)
            try archive.readXML(member, slide)
            guard !slide.isHidden else { continue }
            text = slide.clean
            text.endParagraph()
        }
    }
}

private final class SlideOrder: MarkupHandler {
    private(set) var references: [String] = []

    var hasEnough: Bool { references.count > 10_000 }

    func start(_ name: String, _ attributes: [String: String]) {
        if name == "sldId", let reference = attributes["r:id"] { references.append(reference) }
    }

    func end(_ name: String) {}

    func text(_ text: String) {}
}

private final class SlideHandler: MarkupHandler {
    /// A second form of the same.
    let skipped: Set<String> = ["Fallback"]

    private(set) var clean: CleanText
    private(set) var isHidden = false
    private var isInText = false

    init(_ text: CleanText) { clean = text }

    var hasEnough: Bool { clean.isFull }

    func start(_ name: String, _ attributes: [String: String]) {
        switch name {
        case "sld": isHidden = ["0", "false"].contains(attributes["show"] ?? "1")
        case "t": isInText = true
        case "br": clean.endLine()
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
