internal import Reading

/// The objects of a PDF that are looked for, found by their headers, not by
/// its tables, which damaged files do not have.
///
/// Looks into the first and the last megabytes, and into so many object streams.
///
/// Source: ISO 32000-1, 7.3.10 and 7.5.7.
struct PDFReferences {
    private let parts: [[UInt8]]
    private let unpacked: [Int: [UInt8]]

    private static let windowSize = 4 << 20
    private static let maximumStreams = 64
    private static let maximumStream = 1 << 20
    private static let maximumObject = 64 << 10
    /// Bytes of numbers before the objects of a stream.
    private static let maximumNumbers = 16 << 10
    private static let maximumObjects = 10_000

    init(_ file: FileBytes) {
        let head = file.read(at: 0, count: Self.windowSize)
        let rest = file.size - Int64(head.count)
        parts = rest > 0 ? [head, file.tail(Int(min(rest, Int64(Self.windowSize))))] : [head]
        unpacked = Self.unpacked(parts)
    }

    /// The object that the last `/name n g R` of the file refers to.
    func object(referredToAs name: String) -> [UInt8]? {
        for part in parts.reversed() {
            for place in part.places(of: "/\(name) ").reversed() {
                if let number = Self.reference(part, place + name.utf8.count + 2), let object = object(number) {
                    return object
                }
            }
        }
        return nil
    }

    /// The object that an object refers to under a name.
    func object(_ name: String, of object: [UInt8]) -> [UInt8]? {
        object.places(of: "/\(name) ", limit: 1).first
            .flatMap { Self.reference(object, $0 + name.utf8.count + 2) }.flatMap(self.object)
    }

    /// What stands between `stream` and `endstream`, unpacked where it is packed.
    static func stream(of object: [UInt8]) -> [UInt8]? {
        guard let start = object.places(of: "stream", limit: 1).first else { return nil }
        let line = object[(start + 6)...].prefix(2)
        let from = start + 6 + (line.starts(with: [0x0D, 0x0A]) ? 2 : 1)
        let until = object.places(of: "endstream", limit: 1).first ?? object.count
        guard from <= until else { return nil }
        let bytes = Array(object[from..<until])
        let isPacked = Array(object[..<start]).holds("/FlateDecode")
        return isPacked ? Inflate.bytes(bytes, .zlib, limit: maximumStream) : bytes
    }

    /// A text in an object, without its brackets; `nil` where there is none.
    static func text(_ name: String, in object: [UInt8]) -> String? {
        guard let place = object.places(of: "/\(name)", limit: 1).first else { return nil }
        let rest = object[(place + name.utf8.count + 1)...].drop { $0 == 0x20 || $0 == 0x0D || $0 == 0x0A }.prefix(256)
        if rest.first == UInt8(ascii: "(") { return plain(rest.dropFirst().prefix { $0 != UInt8(ascii: ")") }) }
        guard rest.first == UInt8(ascii: "<") else { return nil }
        let digits = rest.dropFirst().prefix { $0 != UInt8(ascii: ">") }.compactMap {
            Character(Unicode.Scalar($0)).hexDigitValue
        }
        return plain(stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }[...])
    }

    /// Dates are ASCII, in whatever encoding they are written.
    private static func plain(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.filter { (0x20...0x7E).contains($0) }, as: UTF8.self)
    }

    private func object(_ number: Int) -> [UInt8]? {
        for part in parts.reversed() {
            for place in part.places(of: "\(number) 0 obj").reversed()
            where place == 0 || !(0x30...0x39).contains(part[place - 1]) {
                let bytes = Array(part[place...].prefix(Self.maximumObject))
                return Array(bytes[..<(bytes.places(of: "endobj", limit: 1).first ?? bytes.count)])
            }
        }
        return unpacked[number]
    }

    /// The number of `n g R`.
    private static func reference(_ bytes: [UInt8], _ place: Int) -> Int? {
        let words = bytes[place...].prefix(24).split { !(0x30...0x39).contains($0) && $0 != UInt8(ascii: "R") }
        guard words.count >= 3, words[2].first == UInt8(ascii: "R") else { return nil }
        return Int(String(decoding: words[0], as: UTF8.self))
    }

    /// Objects in object streams, by their numbers.
    private static func unpacked(_ parts: [[UInt8]]) -> [Int: [UInt8]] {
        var objects: [Int: [UInt8]] = [:]
        for part in parts {
            for place in part.places(of: "/ObjStm", limit: maximumStreams) {
                // The dictionary of the stream is around the name.
                let start = part[max(0, place - 512)..<place].lastIndex(of: UInt8(ascii: "<")) ?? place
                let dictionary = Array(part[max(0, start - 1)...].prefix(1024))
                guard let count = number("N", dictionary), let first = number("First", dictionary),
                    first <= maximumNumbers, objects.count < maximumObjects,
                    let bytes = stream(of: Array(part[max(0, start - 1)...].prefix(maximumStream)))
                else { continue }
                let numbers = bytes.prefix(max(0, first)).split { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D }
                    .prefix(count * 2).compactMap { Int(String(decoding: $0.prefix(9), as: UTF8.self)) }
                for index in stride(from: 0, to: numbers.count - 1, by: 2) {
                    let from = min(bytes.count, max(0, first) + max(0, min(numbers[index + 1], bytes.count)))
                    let next = index + 3 < numbers.count ? first + numbers[index + 3] : bytes.count
                    let until = max(from, min(bytes.count, next, from + 4096))
                    objects[numbers[index]] = Array(bytes[from..<until])
                }
            }
        }
        return objects
    }

    private static func number(_ name: String, _ dictionary: [UInt8]) -> Int? {
        guard let place = dictionary.places(of: "/\(name) ", limit: 1).first else { return nil }
        let digits = dictionary[(place + name.utf8.count + 2)...].prefix(9).prefix { (0x30...0x39).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self)).flatMap { $0 <= maximumStream ? $0 : nil }
    }
}
