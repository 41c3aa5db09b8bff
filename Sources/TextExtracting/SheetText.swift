internal import Reading

/// The cells of an XLSX, row by row; hidden sheets are left out.
///
/// Numbers are as they are stored, dates among them.
///
/// Source: ECMA-376 Part 1, chapter 18 (SpreadsheetML).
enum SheetText {
    private static let maximumSheets = 500

    static func append(_ file: FileBytes, to text: inout CleanText) throws {
        let archive = try ZipArchive(file)
        let workbook = Workbook()
        guard try archive.readXML("xl/workbook.xml", workbook) else {
            throw TextExtractingError.notUnderstood("no workbook")
        }
        let relations = try OfficeRelations(of: "workbook.xml", in: "xl", archive)
        let strings = SharedStrings()
        try archive.readXML("xl/sharedStrings.xml", strings)
        for sheet in workbook.sheets.prefix(maximumSheets) where !text.isFull {
            guard let member = relations.member(sheet.reference) else { continue }
            text.append(sheet.name)
            text.endLine()
            let cells = SheetHandler(text, strings.strings)
            try archive.readXML(member, cells)
            text = cells.clean
            text.endParagraph()
        }
    }
}

private final class Workbook: MarkupHandler {
    private(set) var sheets: [(name: String, reference: String)] = []

    var hasEnough: Bool { sheets.count > 1000 }

    func start(_ name: String, _ attributes: [String: String]) {
        guard name == "sheet", let title = attributes["name"], let reference = attributes["r:id"] else { return }
        if attributes["state"] ?? "visible" == "visible" { sheets.append((title, reference)) }
    }

    func end(_ name: String) {}

    func text(_ text: String) {}
}

/// The texts that cells speak of by number.
private final class SharedStrings: MarkupHandler {
    private(set) var strings: [String] = []
    private var current = ""
    private var size = 0
    private var isInText = false
    /// How to speak a name is not shown.
    private var isPhonetic = false

    private static let maximumSize = 32 << 20
    private static let maximumStrings = 1_000_000

    var hasEnough: Bool { size > Self.maximumSize || strings.count >= Self.maximumStrings }

    func start(_ name: String, _ attributes: [String: String]) {
        switch name {
        case "si": current = ""
        case "t": isInText = !isPhonetic
        case "rPh": isPhonetic = true
        default: break
        }
    }

    func end(_ name: String) {
        switch name {
        case "si": strings.append(current)
        case "t": isInText = false
        case "rPh": isPhonetic = false
        default: break
        }
    }

    func text(_ text: String) {
        guard isInText else { return }
        current += text
        size += text.utf8.count
    }
}

private final class SheetHandler: MarkupHandler {
    private(set) var clean: CleanText
    private let strings: [String]
    private var kind = ""
    private var value = ""
    private var isInValue = false
    private var isFirst = true

    private static let maximumValue = 64 << 10

    init(_ text: CleanText, _ strings: [String]) {
        clean = text
        self.strings = strings
    }

    var hasEnough: Bool { clean.isFull }

    func start(_ name: String, _ attributes: [String: String]) {
        switch name {
        case "row": isFirst = true
        case "c":
            kind = attributes["t"] ?? "n"
            value = ""
        case "v", "t": isInValue = true
        default: break
        }
    }

    func end(_ name: String) {
        switch name {
        case "v", "t": isInValue = false
        case "c": append(kind == "s" ? Int(value).flatMap { strings.indices.contains($0) ? strings[$0] : nil } : value)
        case "row": clean.endLine()
        default: break
        }
    }

    func text(_ text: String) {
        if isInValue, value.utf8.count < Self.maximumValue { value += text }
    }

    private func append(_ cell: String?) {
        guard let cell, !cell.isEmpty else { return }
        if !isFirst { clean.append("\t") }
        isFirst = false
        clean.append(cell)
    }
}
