internal import CXML
internal import Glibc
internal import Reading

/// The texts and attributes of a small XML document, by name, with no regard to where they stand.
///
/// Nothing outside is fetched and no entity is expanded: a document with a
/// document type is not read at all.
///
/// Source: libxml2's xmlreader.
struct XMLValues {
    /// A name with the namespace it belongs to.
    struct Name: Hashable {
        let space: String
        let local: String
    }

    /// The first value of each name.
    private var values: [Name: String] = [:]

    private static let maximumSize = 1 << 20
    private static let maximumSteps = 20_000
    private static let maximumValueSize = 256

    /// Reads what can be read of the bytes, up to the first fault.
    init(_ bytes: [UInt8]) {
        guard bytes.count <= Self.maximumSize, !bytes.contains(text: "<!DOCTYPE") else { return }
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
        bytes.withUnsafeBytes { buffer in
            guard
                let reader = xmlReaderForMemory(
                    buffer.bindMemory(to: CChar.self).baseAddress, Int32(buffer.count), nil, nil, Int32(options))
            else { return }
            defer { xmlFreeTextReader(reader) }
            read(reader)
        }
    }

    subscript(_ space: String, _ local: String) -> String? { values[Name(space: space, local: local)] }

    private mutating func read(_ reader: xmlTextReaderPtr) {
        var element: Name?
        for _ in 0..<Self.maximumSteps {
            guard xmlTextReaderRead(reader) == 1 else { return }
            switch UInt32(bitPattern: xmlTextReaderNodeType(reader)) {
            case XML_READER_TYPE_ELEMENT.rawValue:
                element = Self.name(reader)
                while xmlTextReaderMoveToNextAttribute(reader) == 1 { take(Self.name(reader), reader) }
            case XML_READER_TYPE_TEXT.rawValue, XML_READER_TYPE_CDATA.rawValue: take(element, reader)
            case XML_READER_TYPE_END_ELEMENT.rawValue: element = nil
            default: break
            }
        }
    }

    private mutating func take(_ name: Name?, _ reader: xmlTextReaderPtr) {
        guard let name, values[name] == nil, let value = Self.text(xmlTextReaderConstValue(reader)) else { return }
        values[name] = value
    }

    private static func name(_ reader: xmlTextReaderPtr) -> Name? {
        text(xmlTextReaderConstLocalName(reader)).map {
            Name(space: text(xmlTextReaderConstNamespaceUri(reader)) ?? "", local: $0)
        }
    }

    private static func text(_ pointer: UnsafePointer<xmlChar>?) -> String? {
        guard let pointer else { return nil }
        let size = strnlen(UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self), maximumValueSize)
        return String(decoding: UnsafeBufferPointer(start: pointer, count: size), as: UTF8.self)
    }
}
