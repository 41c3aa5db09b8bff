internal import Reading

/// One small member of a ZIP, by its name.
///
/// Source: PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
enum ZipMember {
    private static let maximumDirectory = 4 << 20
    private static let maximumEntries = 10_000
    private static let maximumSize = 1 << 20

    /// The bytes of the first member that is wanted; `nil` where there is none, or it cannot be read.
    static func bytes(of file: FileBytes, where isWanted: (String) -> Bool) -> [UInt8]? {
        let tail = file.tail(65_557)
        guard let end = tail.places(of: "PK\u{5}\u{6}").last, let size: UInt32 = tail.littleEndian(end + 12),
            let offset: UInt32 = tail.littleEndian(end + 16)
        else { return nil }
        let directory = file.read(at: Int64(offset), count: Int(min(size, UInt32(maximumDirectory))))
        var index = 0
        for _ in 0..<maximumEntries {
            guard directory.has("PK\u{1}\u{2}", at: index), let name: UInt16 = directory.littleEndian(index + 28),
                let extra: UInt16 = directory.littleEndian(index + 30),
                let comment: UInt16 = directory.littleEndian(index + 32), index + 46 + Int(name) <= directory.count
            else { return nil }
            if isWanted(String(decoding: directory[(index + 46)..<(index + 46 + Int(name))], as: UTF8.self)) {
                return content(of: file, directory, index)
            }
            index += 46 + Int(name) + Int(extra) + Int(comment)
        }
        return nil
    }

    private static func content(of file: FileBytes, _ directory: [UInt8], _ index: Int) -> [UInt8]? {
        guard let flags: UInt16 = directory.littleEndian(index + 8), flags & 1 == 0,
            let method: UInt16 = directory.littleEndian(index + 10),
            let packed: UInt32 = directory.littleEndian(index + 20), packed <= maximumSize,
            let place: UInt32 = directory.littleEndian(index + 42)
        else { return nil }
        let head = file.read(at: Int64(place), count: 30)
        guard head.has("PK\u{3}\u{4}"), let name: UInt16 = head.littleEndian(26),
            let extra: UInt16 = head.littleEndian(28)
        else { return nil }
        let bytes = file.read(at: Int64(place) + 30 + Int64(name) + Int64(extra), count: Int(packed))
        switch method {
        case 0: return bytes
        case 8: return Inflate.bytes(bytes, .bare, limit: maximumSize)
        default: return nil
        }
    }
}
