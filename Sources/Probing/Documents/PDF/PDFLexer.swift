internal import Reading

/// What is looked for in the objects of a PDF, wherever they stand.
///
/// Reads words, not a document: what a viewer would never reach counts too.
///
/// Source: ISO 32000-2, section 7.2 and 7.3.5 for names with `#`.
struct PDFLexer {
    private(set) var names: Set<String> = []
    /// The largest count of any tree of pages.
    private(set) var pages = 0
    /// Single pages seen.
    private(set) var leaves = 0
    private var dictionaries: [(isPages: Bool, count: Int)] = []

    private static let wanted: Set<String> = [
        "JavaScript", "JS", "Launch", "EmbeddedFile", "EmbeddedFiles", "XFA", "RichMedia", "Collection", "Encrypt",
        "ObjStm", "Metadata", "FlateDecode", "Fl", "SubmitForm", "ImportData",
    ]
    private static let maximumDepth = 64

    /// Takes the words of some bytes.
    mutating func read(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        var last = ""
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "/"):
                let name = Self.name(bytes, &index)
                if last == "Type" {
                    if name == "Page" { leaves += 1 }
                    if name == "Pages", !dictionaries.isEmpty { dictionaries[dictionaries.count - 1].isPages = true }
                }
                if Self.wanted.contains(name) { names.insert(name) }
                last = name
                continue
            case UInt8(ascii: "<") where index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "<"):
                if dictionaries.count < Self.maximumDepth { dictionaries.append((false, 0)) }
                index += 1
            case UInt8(ascii: ">") where index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: ">"):
                if let ended = dictionaries.popLast(), ended.isPages { pages = max(pages, ended.count) }
                index += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9") where last == "Count":
                if !dictionaries.isEmpty {
                    dictionaries[dictionaries.count - 1].count = Self.number(bytes, &index)
                }
                last = ""
                continue
            default: break
            }
            index += 1
        }
    }

    /// Names end at white space and delimiters; `#4A` stands for `J`.
    private static func name(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> String {
        index += 1
        var name: [UInt8] = []
        while index < bytes.count, name.count < 64, !isDelimiter(bytes[index]) {
            if bytes[index] == UInt8(ascii: "#"), index + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16)
            {
                name.append(value)
                index += 3
            } else {
                name.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: name, as: UTF8.self)
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        byte <= 0x20 || [0x28, 0x29, 0x3C, 0x3E, 0x5B, 0x5D, 0x7B, 0x7D, 0x2F, 0x25].contains(byte)
    }

    private static func number(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> Int {
        var value = 0
        while index < bytes.count, (0x30...0x39).contains(bytes[index]), value < 10_000_000 {
            value = value * 10 + Int(bytes[index] - 0x30)
            index += 1
        }
        return value
    }
}
