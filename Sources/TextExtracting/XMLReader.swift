internal import CXML

/// Takes what stands in an XML or HTML document, in its order.
protocol MarkupHandler: AnyObject {
    /// Names are without a prefix; those of attributes have the prefix they are written with.
    func start(_ name: String, _ attributes: [String: String])
    func end(_ name: String)
    func text(_ text: String)
    /// Whether no more needs to be read.
    var hasEnough: Bool { get }
    /// Names of elements of an XML document that are left out, with all that is in them.
    var skipped: Set<String> { get }
}

extension MarkupHandler {
    var skipped: Set<String> { [] }
}

/// Reads XML as it comes, with libxml2.
///
/// Without entities, document types or other files: a document type ends it.
/// What is declared of the character set is not believed, since libxml2 would
/// open tables of it: office documents are UTF-8, or UTF-16 with a mark.
///
/// Source: libxml2 reference, parser (push mode, SAX2).
final class XMLReader {
    private let handler: any MarkupHandler
    private var context: xmlParserCtxtPtr?
    private var isRefused = false
    /// How deep in an element that is left out.
    private var skippedDepth = 0

    private static let options = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue)

    init(_ handler: any MarkupHandler) {
        self.handler = handler
        var sax = xmlSAXHandler()
        sax.initialized = UInt32(XML_SAX2_MAGIC)
        sax.startElementNs = { XMLReader.from($0)?.start($1, Int($6), $8) }
        sax.endElementNs = { reader, name, _, _ in XMLReader.from(reader)?.end(String(xml: name)) }
        sax.characters = { XMLReader.from($0)?.text($1, $2) }
        sax.cdataBlock = sax.characters
        sax.internalSubset = { reader, _, _, _ in XMLReader.from(reader)?.refuse() }
        sax.serror = { _, _ in }
        context = xmlCreatePushParserCtxt(&sax, Unmanaged.passUnretained(self).toOpaque(), nil, 0, nil)
        xmlCtxtUseOptions(context, Self.options)
    }

    deinit { xmlFreeParserCtxt(context) }

    private static func from(_ opaque: UnsafeMutableRawPointer?) -> XMLReader? {
        opaque.map { Unmanaged<XMLReader>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Reads a part; answers whether there is a use in another.
    func take(_ part: UnsafeRawBufferPointer) -> Bool {
        xmlParseChunk(context, part.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(part.count), 0)
        return isWellFormed && !isRefused && !handler.hasEnough
    }

    /// Ends the document.
    ///
    /// - Throws: `.notUnderstood` where it is not well-formed, and more was wanted of it.
    func end() throws(TextExtractingError) {
        guard isRefused || !handler.hasEnough else { return }
        if !isRefused { xmlParseChunk(context, nil, 0, 1) }
        guard isWellFormed, !isRefused else { throw .notUnderstood("XML") }
    }

    private var isWellFormed: Bool { context?.pointee.wellFormed == 1 }

    private func refuse() {
        isRefused = true
        xmlStopParser(context)
    }

    /// Each attribute is five pointers: its name, prefix and namespace, and where its value begins and ends.
    private func start(
        _ name: UnsafePointer<xmlChar>?, _ count: Int, _ fields: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        let name = String(xml: name)
        if skippedDepth > 0 || handler.skipped.contains(name) {
            skippedDepth += 1
            return
        }
        var attributes: [String: String] = [:]
        for index in 0..<count {
            guard let fields, let start = fields[index * 5 + 3], let end = fields[index * 5 + 4] else { continue }
            let prefix = fields[index * 5 + 1].map { String(xml: $0) + ":" } ?? ""
            attributes[prefix + String(xml: fields[index * 5])] = String(xml: start, count: Int32(end - start))
        }
        handler.start(name, attributes)
        if handler.hasEnough { xmlStopParser(context) }
    }

    private func end(_ name: String) {
        if skippedDepth > 0 { skippedDepth -= 1 } else { handler.end(name) }
    }

    private func text(_ characters: UnsafePointer<xmlChar>?, _ count: Int32) {
        if skippedDepth == 0 { handler.text(String(xml: characters, count: count)) }
    }
}

extension String {
    /// A name or value of libxml2.
    init(xml characters: UnsafePointer<xmlChar>?) {
        self = characters.map { String(cString: $0) } ?? ""
    }

    /// So many bytes of libxml2.
    init(xml characters: UnsafePointer<xmlChar>?, count: Int32) {
        self = String(decoding: UnsafeBufferPointer(start: characters, count: Int(Swift.max(0, count))), as: UTF8.self)
    }
}

extension ZipArchive {
    /// Reads a member as XML; answers whether there is one.
    @discardableResult
    func readXML(_ name: String, _ handler: any MarkupHandler) throws(TextExtractingError) -> Bool {
        let reader = XMLReader(handler)
        guard try read(name, { reader.take($0) }) else { return false }
        try reader.end()
        return true
    }
}
