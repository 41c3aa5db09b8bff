internal import CXML
internal import Reading

/// What a browser would show of HTML, without its tags, by libxml2.
enum HTMLText {
    static func append(_ file: FileBytes, to text: inout CleanText) throws {
        append(html: PlainText.decoded(file), to: &text)
    }

    static func append(html: String, to text: inout CleanText) {
        let collector = HTMLCollector(text)
        HTMLReader(collector).read(html)
        text = collector.clean
    }
}

/// Source: libxml2 reference, HTMLparser (push mode, SAX1).
private final class HTMLReader {
    private let handler: HTMLCollector

    private static let options = Int32(
        HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
            | HTML_PARSE_NONET.rawValue | HTML_PARSE_IGNORE_ENC.rawValue)
    private static let partSize = 16 << 10

    init(_ handler: HTMLCollector) { self.handler = handler }

    func read(_ html: String) {
        var sax = htmlSAXHandler()
        sax.startElement = { reader, name, _ in HTMLReader.from(reader)?.handler.start(String(xml: name), [:]) }
        sax.endElement = { reader, name in HTMLReader.from(reader)?.handler.end(String(xml: name)) }
        sax.characters = { HTMLReader.from($0)?.handler.text(String(xml: $1, count: $2)) }
        guard
            let context = htmlCreatePushParserCtxt(
                &sax, Unmanaged.passUnretained(self).toOpaque(), nil, 0, nil, XML_CHAR_ENCODING_UTF8)
        else { return }
        defer { htmlFreeParserCtxt(context) }
        htmlCtxtUseOptions(context, Self.options)
        var html = html
        html.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                for start in stride(from: 0, to: characters.count, by: Self.partSize) where !handler.hasEnough {
                    let count = min(Self.partSize, characters.count - start)
                    htmlParseChunk(context, characters.baseAddress.map { $0 + start }, Int32(count), 0)
                }
            }
        }
        htmlParseChunk(context, nil, 0, 1)
    }

    private static func from(_ opaque: UnsafeMutableRawPointer?) -> HTMLReader? {
        opaque.map { Unmanaged<HTMLReader>.fromOpaque($0).takeUnretainedValue() }
    }
}

private final class HTMLCollector: MarkupHandler {
    private static let paragraphs: Set<String> = [
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre",
    ]
    private static let lines: Set<String> = ["br", "div", "tr", "li", "hr", "section", "article", "dt", "dd"]
    private static let unseen: Set<String> = ["script", "style", "head", "title", "noscript", "template", "object"]

    private(set) var clean: CleanText
    private var hidden = 0

    init(_ text: CleanText) { clean = text }

    var hasEnough: Bool { clean.isFull }

    func start(_ name: String, _ attributes: [String: String]) {
        if Self.unseen.contains(name) { hidden += 1 }
        separate(name)
    }

    func end(_ name: String) {
        if Self.unseen.contains(name), hidden > 0 { hidden -= 1 }
        if name != "br" { separate(name) }
        if name == "td" || name == "th" { clean.append("\t") }
    }

    /// Ends of lines in the source are spaces.
    func text(_ text: String) {
        guard hidden == 0 else { return }
        var spaced = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { spaced.append(scalar.properties.isWhitespace ? " " : scalar) }
        clean.append(String(spaced))
    }

    private func separate(_ name: String) {
        if Self.paragraphs.contains(name) { clean.endParagraph() }
        if Self.lines.contains(name) { clean.endLine() }
    }
}
