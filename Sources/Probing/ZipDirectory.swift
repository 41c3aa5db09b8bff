internal import Reading

/// The names in a ZIP file, which tell an office document from an archive.
///
/// Source: PKWARE APPNOTE 6.3, sections 4.3.12 and 4.3.16.
struct ZipDirectory {
    private(set) var names: [String] = []
    /// What an OpenDocument or an EPUB says of itself in its first member.
    private(set) var declaredType: String?
    /// Whether the end of the directory is there.
    private(set) var hasEnd = false
    private(set) var isEncrypted = false

    private static let maximumSize = 4 << 20
    private static let maximumEntries = 10_000

    init?(_ file: FileBytes) {
        let head = file.read(at: 0, count: 128)
        guard head.has("PK\u{3}\u{4}") || head.has("PK\u{5}\u{6}") else { return nil }
        declaredType = Self.declaredType(head)
        let tail = file.tail(65_557)
        guard tail.count >= 22,
            let end = (0...tail.count - 22).last(where: { tail[$0] == 0x50 && tail.has("PK\u{5}\u{6}", at: $0) }),
            let size: UInt32 = tail.littleEndian(end + 12), let offset: UInt32 = tail.littleEndian(end + 16)
        else { return }
        hasEnd = true
        read(file.read(at: Int64(offset), count: Int(min(size, UInt32(Self.maximumSize)))))
    }

    private mutating func read(_ directory: [UInt8]) {
        var index = 0
        for _ in 0..<Self.maximumEntries {
            guard directory.has("PK\u{1}\u{2}", at: index), let flags: UInt16 = directory.littleEndian(index + 8),
                let name: UInt16 = directory.littleEndian(index + 28),
                let extra: UInt16 = directory.littleEndian(index + 30),
                let comment: UInt16 = directory.littleEndian(index + 32), index + 46 + Int(name) <= directory.count
            else { return }
            if flags & 1 == 1 { isEncrypted = true }
            names.append(String(decoding: directory[(index + 46)..<(index + 46 + Int(name))], as: UTF8.self))
            index += 46 + Int(name) + Int(extra) + Int(comment)
        }
    }

    /// An OpenDocument's first member is named `mimetype`, and is not compressed.
    private static func declaredType(_ head: [UInt8]) -> String? {
        guard head.has("mimetype", at: 30), let method: UInt16 = head.littleEndian(8), method == 0,
            let size: UInt32 = head.littleEndian(22), let extra: UInt16 = head.littleEndian(28)
        else { return nil }
        let start = 38 + Int(extra)
        let end = start + Int(min(size, 90))
        guard start <= end, end <= head.count else { return nil }
        return String(decoding: head[start..<end], as: UTF8.self)
    }
}
