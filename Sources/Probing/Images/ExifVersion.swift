internal import Reading

/// The version of EXIF that a block says it is of, such as `0220`.
///
/// Source: EXIF 2.32, tag 0x9000; looked for as PRONOM does.
enum ExifVersion {
    private static let entries: [[UInt8]] = [
        [0x90, 0x00, 0x00, 0x07, 0x00, 0x00, 0x00, 0x04], [0x00, 0x90, 0x07, 0x00, 0x04, 0x00, 0x00, 0x00],
    ]

    static func find(in block: [UInt8]) -> String? {
        guard block.count >= 12 else { return nil }
        for index in 0...(block.count - 12) where block[index] == 0x90 || block[index + 1] == 0x90 {
            guard entries.contains(where: { block[index..<index + 8].elementsEqual($0) }) else { continue }
            return block.fourCharacters(index + 8)
        }
        return nil
    }
}
