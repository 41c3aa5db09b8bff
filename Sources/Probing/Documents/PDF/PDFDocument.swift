internal import Artefacts
internal import InspectionWire
internal import Reading

/// A PDF: its version, its lock, what it can do, and whether it has its end.
///
/// Source: ISO 32000-2, sections 7.5 and 7.6.
enum PDFDocument {
    /// Bytes that are looked through for objects; of what is larger, the beginning and the end.
    private static let maximumRead = 48 << 20
    private static let maximumTail = 8 << 20

    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        let start = Array(head.prefix(1024))
        guard let lead = start.firstIndex(of: "%PDF-") else { return nil }
        var bytes = file.read(at: 0, count: maximumRead)
        if file.size > maximumRead {
            bytes += file.read(at: max(Int64(maximumRead), file.size - Int64(maximumTail)), count: maximumTail)
        }
        var references = PDFReferences(bytes: bytes)
        let lock = lock(references)
        let security = lock.flatMap { PDFSecurity($0.dictionary, id: $0.id) }
        let objects = PDFObjects(bytes, security: security)
        var finding = FormatFinding("application/pdf", puid: puid(head, lead, objects))
        references.packed = objects.packed
        finding.dates = PDFDates.dates(references, objects)
        finding.features = features(objects)
        if lock != nil { finding.features.insert(security == nil ? .passwordLocked : .ownerLocked) }
        if lead > 0 {
            finding.features.insert(.leadingData)
            if start[..<lead].elementsEqual("PK\u{3}\u{4}".utf8.prefix(lead)) || start.has("PK\u{3}\u{4}")
                || Array(start[..<lead]).containsAny(ofCaseless: ["<html", "<script"]) || start.has("MZ")
            {
                finding.features.insert(.polyglot)
            }
        }
        let pages = max(objects.lexer.pages, objects.lexer.pages > 0 ? 0 : objects.lexer.leaves)
        finding.pages = (1...1_000_000).contains(pages) ? pages : nil
        if pages > 100_000 { finding.features.insert(.tooManyParts) }
        (finding.wholeness, finding.end) = ending(file, bytes, head, lead)
        return finding
    }

    private static func features(_ objects: PDFObjects) -> Set<Feature> {
        let names = objects.lexer.names
        var features: Set<Feature> = []
        if !names.isDisjoint(with: ["JavaScript", "JS"]) { features.insert(.script) }
        if names.contains("Launch") { features.insert(.launchAction) }
        if !names.isDisjoint(with: ["EmbeddedFile", "EmbeddedFiles"]) { features.insert(.embeddedFiles) }
        if !names.isDisjoint(with: ["XFA", "RichMedia"]) { features.insert(.richMedia) }
        if !names.isDisjoint(with: ["SubmitForm", "ImportData"]) { features.insert(.externalContent) }
        if objects.hasEmbeddedProgram { features.insert(.embeddedProgram) }
        return features
    }

    /// The dictionary that says how the document is encrypted, if it is.
    private static func lock(_ references: PDFReferences) -> (dictionary: PDFText, id: [UInt8])? {
        let bytes = references.bytes
        guard let place = bytes.lastIndex(of: "/Encrypt") else { return nil }
        let around = Array(bytes[max(0, place - 4096)..<min(bytes.count, place + 4096)])
        let words = bytes[(place + 8)...].prefix(32).split(separator: 0x20, omittingEmptySubsequences: true)
        var dictionary = Array(bytes[place...].prefix(8192))
        if let number = words.first.flatMap({ Int(String(decoding: $0, as: UTF8.self)) }), words.count >= 3 {
            guard let object = references.object(number) else { return (PDFText(bytes: []), []) }
            dictionary = object
        }
        var id: [UInt8] = []
        if let place = around.lastIndex(of: "/ID"), let open = around[place...].prefix(64).firstIndex(of: 0x5B),
            let first = around[(open + 1)...].firstIndex(where: { $0 > 0x20 })
        {
            id = PDFText.string(around, from: first)?.value ?? []
        }
        return (PDFText(bytes: dictionary), id)
    }

    /// Whether the end is there, and where.
    private static func ending(_ file: FileBytes, _ bytes: [UInt8], _ head: [UInt8], _ lead: Int) -> (Wholeness, Int64?)
    {
        let tail = file.tail(64 << 10)
        let first = Array(head.prefix(1024 + lead))
        if first.contains(text: "/Linearized"), let length = PDFText(bytes: first).number("/L"),
            Int64(length) + Int64(lead) > file.size
        {
            return (.damaged(evidence: "shorter than it says"), nil)
        }
        guard let mark = tail.lastIndex(of: "%%EOF") else {
            return (.damaged(evidence: "no %%EOF at the end"), nil)
        }
        let end = file.size - Int64(tail.count - mark) + 5
        guard let place = Array(tail[..<mark]).lastIndex(of: "startxref") else {
            return (.damaged(evidence: "no startxref before the end"), end)
        }
        let digits = tail[(place + 9)...].drop { $0 <= 0x20 }.prefix(12).prefix { (0x30...0x39).contains($0) }
        let position = Int64(String(decoding: digits, as: UTF8.self)) ?? -1
        // With bytes before the header, some count from the header and some from the file's beginning.
        let isFound = [position, position + Int64(lead)].contains { isTable(file, at: $0) }
        return (isFound ? .whole : .unknown, end)
    }

    /// A cross-reference table, or a stream of one.
    private static func isTable(_ file: FileBytes, at position: Int64) -> Bool {
        let text = file.read(at: position, count: 64).drop { $0 <= 0x20 }
        guard let first = text.first else { return false }
        return text.starts(with: "xref".utf8) || ((0x30...0x39).contains(first) && Array(text).contains(text: "obj"))
    }

    /// Source: DROID V122.
    private static func puid(_ head: [UInt8], _ lead: Int, _ objects: PDFObjects) -> PUID? {
        if let part = objects.property("pdfaid:part") {
            let level = objects.property("pdfaid:conformance")?.lowercased() ?? ""
            if let puid = archival[part + level] ?? archival[part] { return puid }
        }
        if let part = objects.property("pdfuaid:part") { return part == "2" ? "fmt/2052" : "fmt/2050" }
        if objects.lexer.names.contains("Collection") { return "fmt/1451" }
        return head.count >= lead + 8 ? versions[String(decoding: head[lead + 5..<lead + 8], as: UTF8.self)] : nil
    }

    private static let versions: [String: PUID] = [
        "1.0": "fmt/14", "1.1": "fmt/15", "1.2": "fmt/16", "1.3": "fmt/17", "1.4": "fmt/18", "1.5": "fmt/19",
        "1.6": "fmt/20", "1.7": "fmt/276", "2.0": "fmt/1129",
    ]
    private static let archival: [String: PUID] = [
        "1a": "fmt/95", "1b": "fmt/354", "2a": "fmt/476", "2b": "fmt/477", "2u": "fmt/478", "3a": "fmt/479",
        "3b": "fmt/480", "3u": "fmt/481", "4": "fmt/1910", "4e": "fmt/1911", "4f": "fmt/1912",
    ]
}

extension PDFText {
    /// A property of XMP, written as an attribute or as an element.
    static func xmp(_ name: String, in text: [UInt8]) -> String? {
        guard let place = text.firstIndex(of: name) else { return nil }
        let rest = text[(place + name.utf8.count)...].prefix(16).drop { "=\"'> ".utf8.contains($0) }
        let word = String(
            decoding: rest.prefix { (0x30...0x39).contains($0) || (0x41...0x7A).contains($0) }, as: UTF8.self)
        return word.isEmpty ? nil : word
    }
}
