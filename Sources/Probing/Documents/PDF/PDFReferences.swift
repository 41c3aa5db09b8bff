internal import Reading

/// The numbered objects of a PDF, found by their headers, not by its tables,
/// which damaged files do not have.
///
/// Source: ISO 32000-1, 7.3.10.
struct PDFReferences {
    let bytes: [UInt8]
    /// Those that stand in streams, once these are unpacked.
    var packed = PDFPackedObjects()

    private static let maximumObject = 64 << 10

    /// The object that the last `/name n g R` of the file refers to.
    func object(referredToAs name: String) -> [UInt8]? {
        for place in bytes.places(of: "/\(name) ").reversed() {
            if let number = Self.number(bytes, place + name.utf8.count + 2), let object = object(number) {
                return object
            }
        }
        return nil
    }

    /// The number of the object that an object refers to under a name.
    static func number(_ name: String, in object: [UInt8]) -> Int? {
        object.firstIndex(of: "/\(name) ").flatMap { number(object, $0 + name.utf8.count + 2) }
    }

    /// The newest object of a number, up to its end.
    func object(_ number: Int) -> [UInt8]? {
        for place in bytes.places(of: "\(number) 0 obj").reversed()
        where place == 0 || !(0x30...0x39).contains(bytes[place - 1]) {
            let text = Array(bytes[place...].prefix(Self.maximumObject))
            return Array(text[..<(text.firstIndex(of: "endobj") ?? text.count)])
        }
        return packed[number]
    }

    /// The number of `n g R`.
    private static func number(_ bytes: [UInt8], _ place: Int) -> Int? {
        let words = bytes[place...].prefix(24).split { !(0x30...0x39).contains($0) && $0 != UInt8(ascii: "R") }
        guard words.count >= 3, words[2].first == UInt8(ascii: "R") else { return nil }
        return Int(String(decoding: words[0], as: UTF8.self))
    }
}
