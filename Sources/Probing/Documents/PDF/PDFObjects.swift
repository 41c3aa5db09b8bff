internal import Glibc
internal import Reading

/// The objects of a PDF: the words outside its streams, and the streams that hold further objects.
struct PDFObjects {
    private(set) var lexer = PDFLexer()
    /// Packets of XMP, by the number of their object.
    private(set) var packets: [(object: Int, text: [UInt8])] = []
    private(set) var packed = PDFPackedObjects()
    private(set) var hasEmbeddedProgram = false
    private(set) var objects = 0
    private let security: PDFSecurity?

    /// Bytes that all streams together may unpack to.
    private var budget = 64 << 20
    private static let maximumStream = 8 << 20
    private static let maximumDictionary = 64 << 10
    private static let maximumStreams = 200_000

    /// - Parameter security: how the document is locked, where an empty password opens it.
    init(_ bytes: [UInt8], security: PDFSecurity?) {
        self.security = security
        bytes.withUnsafeBytes { walk($0, bytes) }
    }

    private mutating func walk(_ all: UnsafeRawBufferPointer, _ bytes: [UInt8]) {
        var start = 0
        for _ in 0..<Self.maximumStreams {
            guard let stream = Self.find("stream", in: all, from: start) else { break }
            var content = stream + 6
            if content < all.count, all[content] == 0x0D { content += 1 }
            if content < all.count, all[content] == 0x0A { content += 1 }
            // The word in running text begins nothing.
            guard content > stream + 6, stream == 0 || all[stream - 1] <= 0x20 || all[stream - 1] == 0x3E else {
                lexer.read(UnsafeRawBufferPointer(rebasing: all[start..<min(content, all.count)]))
                start = content
                continue
            }
            lexer.read(UnsafeRawBufferPointer(rebasing: all[start..<stream]))
            let end = Self.find("endstream", in: all, from: content) ?? all.count
            take(bytes, dictionary: max(start, stream - Self.maximumDictionary)..<stream, content..<end)
            start = min(all.count, end + 9)
        }
        lexer.read(UnsafeRawBufferPointer(rebasing: all[min(start, all.count)...]))
    }

    private static func find(_ word: StaticString, in all: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = all.baseAddress else { return nil }
        let count = word.utf8CodeUnitCount
        var index = start
        while index + count <= all.count {
            guard let hit = memchr(base + index, Int32(word.utf8Start.pointee), all.count - count + 1 - index) else {
                return nil
            }
            index = UnsafeRawPointer(hit) - base
            if memcmp(base + index, word.utf8Start, count) == 0 { return index }
            index += 1
        }
        return nil
    }

    private mutating func take(_ bytes: [UInt8], dictionary: Range<Int>, _ content: Range<Int>) {
        objects += 1
        let text = Array(bytes[dictionary])
        guard let object = Self.object(text) else { return }
        var own = PDFLexer()
        text[object.end...].withUnsafeBytes { own.read($0) }
        let isMetadata = own.names.contains("Metadata")
        let isFile = own.names.contains("EmbeddedFile")
        guard own.names.contains("ObjStm") || isMetadata || isFile, budget > 0 else { return }
        var stream = bytes[content].prefix(Self.maximumStream)
        if let security, !(isMetadata && !security.encryptsMetadata) {
            stream = security.decrypt(stream, object: object.number, generation: object.generation)[...]
        }
        let isPacked = own.names.contains("FlateDecode") || own.names.contains("Fl")
        let plain =
            isPacked
            ? Inflater.unpack(stream, limit: isFile ? 4096 : min(budget, Self.maximumStream)) : Array(stream)
        budget -= plain.count
        if isMetadata {
            packets.append((object.number, Array(plain.prefix(1 << 20))))
        } else if isFile {
            if ProgramSignature.isProgram(plain) { hasEmbeddedProgram = true }
        } else {
            plain.withUnsafeBytes { lexer.read($0) }
            packed.take(plain, PDFText(bytes: Array(text[object.end...])))
        }
    }

    /// A property of the first packet of XMP that has it.
    func property(_ name: String) -> String? { packets.lazy.compactMap { PDFText.xmp(name, in: $0.text) }.first }

    /// The last `12 0 obj` in a text, and where it ends.
    private static func object(_ text: [UInt8]) -> (number: Int, generation: Int, end: Int)? {
        guard let place = text.lastIndex(of: "obj") else { return nil }
        let words = text[max(0, place - 24)..<place].split { !(0x30...0x39).contains($0) }.suffix(2)
            .compactMap { Int(String(decoding: $0.prefix(9), as: UTF8.self)) }
        return words.count == 2 ? (words[0], words[1], place + 3) : nil
    }
}
