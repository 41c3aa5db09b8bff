internal import Reading

/// The text of an RTF.
///
/// No C library reads RTF well, so this is a tokeniser of our own: groups,
/// control words and characters, each looked at once.
///
/// Source: Rich Text Format Specification 1.9.1.
struct RichText {
    /// What a group inherits, and gives back where it ends.
    private struct Group {
        var isSkipped = false
        var isHidden = false
        var codePage: Int?
        /// Characters that stand for one that old readers do not know.
        var fallbacks = 1
    }

    private static let maximumSize = 32 << 20
    private static let maximumDepth = 1000
    /// Groups that are not text: tables of the document, pictures, comments, instructions of fields.
    private static let skipped: Set<String> = [
        "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "fldinst", "annotation", "atnid", "atnauthor",
        "atntime", "atnref", "atndate", "listtable", "listoverridetable", "rsidtbl", "revtbl", "generator", "themedata",
        "colorschememapping", "datastore", "latentstyles", "xmlnstbl", "filetbl", "userprops", "nonshppict", "xe", "tc",
        "bkmkstart", "bkmkend", "pgptbl", "mmathPr", "docvar", "template",
    ]
    private static let characters: [String: String] = [
        "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "tab": "\t", "cell": "\t", "nestcell": "\t",
        "nestrow": "\n", "emdash": "\u{2014}", "endash": "\u{2013}", "lquote": "\u{2018}", "rquote": "\u{2019}",
        "ldblquote": "\u{201C}", "rdblquote": "\u{201D}", "bullet": "\u{2022}", "emspace": " ", "enspace": " ",
    ]
    /// Windows' code pages by the number of a font's set.
    private static let codePages = [
        0: 1252, 77: 10000, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256, 186: 1257, 204: 1251, 238: 1250,
    ]

    private let bytes: [UInt8]
    private var index = 0
    private var groups = [Group()]
    private var codePage = 1252
    private var fonts: [Int: Int] = [:]
    private var definedFont: Int?
    private var isInFontTable = false
    private var fallbacksLeft = 0
    private var highSurrogate: UInt16?

    static func append(_ file: FileBytes, to text: inout CleanText) throws {
        try append(rtf: file.read(at: 0, count: maximumSize), to: &text)
    }

    static func append(rtf: [UInt8], to text: inout CleanText) throws(TextExtractingError) {
        guard rtf.has("{\\rtf") else { throw .notUnderstood("no RTF") }
        var tokeniser = RichText(rtf)
        try tokeniser.run(&text)
    }

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    private mutating func run(_ text: inout CleanText) throws(TextExtractingError) {
        while index < bytes.count, !text.isFull {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "{"):
                guard groups.count < Self.maximumDepth else { throw .notUnderstood("groups in groups") }
                groups.append(groups[groups.count - 1])
                fallbacksLeft = 0
            case UInt8(ascii: "}"):
                if groups.count > 1 { groups.removeLast() }
                if !group.isSkipped { isInFontTable = false }
                fallbacksLeft = 0
            case UInt8(ascii: "\\"): control(&text)
            case 0x0D, 0x0A, 0: break
            default: show(byte, &text)
            }
        }
    }

    private var group: Group {
        get { groups[groups.count - 1] }
        set { groups[groups.count - 1] = newValue }
    }

    private mutating func control(_ text: inout CleanText) {
        guard index < bytes.count else { return }
        let first = bytes[index]
        guard first.isLetter else {
            index += 1
            symbol(first, &text)
            return
        }
        let start = index
        while index < bytes.count, bytes[index].isLetter, index - start < 32 { index += 1 }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        let number = parameter()
        if index < bytes.count, bytes[index] == 0x20 { index += 1 }
        apply(word, number, &text)
    }

    private mutating func parameter() -> Int? {
        let start = index
        if index < bytes.count, bytes[index] == UInt8(ascii: "-") { index += 1 }
        while index < bytes.count, (0x30...0x39).contains(bytes[index]), index - start < 11 { index += 1 }
        return Int(String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private mutating func symbol(_ symbol: UInt8, _ text: inout CleanText) {
        switch symbol {
        case UInt8(ascii: "'"):
            let digits = String(decoding: bytes[index..<min(index + 2, bytes.count)], as: UTF8.self)
            index = min(index + 2, bytes.count)
            if let byte = UInt8(digits, radix: 16) { show(byte, &text) }
        case UInt8(ascii: "*"): group.isSkipped = true
        case UInt8(ascii: "~"): show(" ", &text)
        case UInt8(ascii: "_"): show("-", &text)
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\\"): show(symbol, &text)
        case 0x0D, 0x0A: show("\n", &text)
        default: break
        }
    }

    private mutating func apply(_ word: String, _ number: Int?, _ text: inout CleanText) {
        if Self.skipped.contains(word) {
            group.isSkipped = true
            if word == "fonttbl" { isInFontTable = true }
            return
        }
        if let character = Self.characters[word] {
            show(character, &text)
            return
        }
        switch word {
        case "bin": index = min(bytes.count, index + max(0, number ?? 0))
        case "u": unicode(number ?? 0, &text)
        case "uc": group.fallbacks = min(max(0, number ?? 1), 16)
        case "v", "deleted": group.isHidden = number != 0
        case "plain": (group.isHidden, group.codePage) = (false, nil)
        case "ansicpg": codePage = number ?? codePage
        case "mac": codePage = 10000
        case "pc": codePage = 437
        case "pca": codePage = 850
        case "f" where isInFontTable: definedFont = number
        case "f": group.codePage = number.flatMap { fonts[$0] }
        case "fcharset" where isInFontTable:
            if let definedFont, fonts.count < 10_000 { fonts[definedFont] = number.flatMap { Self.codePages[$0] } }
        default: break
        }
    }

    /// Characters beyond 65535 come as two halves.
    private mutating func unicode(_ number: Int, _ text: inout CleanText) {
        let unit = UInt16(truncatingIfNeeded: number)
        fallbacksLeft = 0
        if UTF16.isLeadSurrogate(unit) {
            highSurrogate = unit
        } else {
            show(String(decoding: [highSurrogate, unit].compactMap(\.self), as: UTF16.self), &text)
            highSurrogate = nil
        }
        fallbacksLeft = group.fallbacks
    }

    private mutating func show(_ byte: UInt8, _ text: inout CleanText) {
        show(
            byte < 128
                ? String(Unicode.Scalar(byte)) : Charset.decoded(byte, codePage: group.codePage ?? codePage), &text)
    }

    private mutating func show(_ character: String, _ text: inout CleanText) {
        if fallbacksLeft > 0 {
            fallbacksLeft -= 1
        } else if !group.isSkipped, !group.isHidden {
            text.append(character)
        }
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }
}
