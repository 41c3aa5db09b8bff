internal import Reading

/// RTF as Outlook packs it.
///
/// Source: [MS-OXRTFCP] 2.1.3 and 3.1.
enum CompressedRichText {
    private static let headerSize = 16
    private static let maximumSize = 8 << 20
    private static let dictionarySize = 4096
    /// What can be referred to from the beginning.
    private static let initialDictionary = Array(
        (#"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "#
            + #"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"#
            + "\r\n" + #"\par \pard\plain\f0\fs20\b\i\u\tab\tx"#).utf8)

    /// The RTF, or as much of it as there is; `nil` where it is packed in no known way.
    static func decompressed(_ bytes: [UInt8]) -> [UInt8]? {
        let size = min(Int(bytes.littleEndian(4, as: UInt32.self) ?? 0), maximumSize)
        let packed = bytes.dropFirst(headerSize)
        switch bytes.fourCharacters(8) {
        case "MELA": return Array(packed.prefix(size))
        case "LZFu": return unpacked(packed, size: size)
        default: return nil
        }
    }

    /// A byte of bits, the lowest first, says of what follows whether each is a
    /// byte as it is, or two that tell place and length of what is repeated.
    private static func unpacked(_ packed: ArraySlice<UInt8>, size: Int) -> [UInt8] {
        var dictionary = initialDictionary + Array(repeating: 0x20, count: dictionarySize - initialDictionary.count)
        var end = initialDictionary.count
        var unpacked: [UInt8] = []
        func append(_ byte: UInt8) {
            unpacked.append(byte)
            dictionary[end] = byte
            end = (end + 1) % dictionarySize
        }
        var bytes = packed.makeIterator()
        while unpacked.count < size, let control = bytes.next() {
            for bit in 0..<8 where unpacked.count < size {
                guard let byte = bytes.next() else { return unpacked }
                guard control >> bit & 1 == 1 else {
                    append(byte)
                    continue
                }
                guard let low = bytes.next() else { return unpacked }
                let place = Int(byte) << 4 | Int(low) >> 4
                // The place that is written next ends it all.
                guard place != end else { return unpacked }
                for index in 0..<Int(low & 15) + 2 { append(dictionary[(place + index) % dictionarySize]) }
            }
        }
        return unpacked
    }
}
