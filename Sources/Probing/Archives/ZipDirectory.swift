internal import InspectionWire
internal import Reading

/// The directory of a ZIP file, which tells an office document from an archive.
///
/// Source: PKWARE APPNOTE 6.3, sections 4.3.12 to 4.3.16 and 4.5.3.
struct ZipDirectory {
    struct Member {
        let name: String
        let isEncrypted: Bool
        let method: UInt16
        let check: UInt32
        let packedSize: Int64
        let size: Int64
        /// Where its local header stands.
        let position: Int64
        let isLink: Bool
    }

    private(set) var members: [Member] = []
    /// What an OpenDocument or an EPUB says of itself in its first member.
    private(set) var declaredType: String?
    /// Behind the end of the directory; `nil` where it is missing.
    private(set) var end: Int64?
    private(set) var hasTooMany = false
    private(set) var damage: String?

    private static let maximumSize: Int64 = 8 << 20
    static let maximumMembers = 10_000

    var names: some Sequence<String> { members.lazy.map(\.name) }

    init?(_ file: FileBytes) {
        let head = file.read(at: 0, count: 128)
        guard head.has("PK\u{3}\u{4}") || head.has("PK\u{5}\u{6}") || head.has("PK00PK\u{3}\u{4}") else { return nil }
        declaredType = Self.declaredType(head)
        if !readEnd(file) {
            damage = "no end of central directory"
            readLocalHeaders(file)
        }
    }

    /// Finds the directory from the end of the file.
    private mutating func readEnd(_ file: FileBytes) -> Bool {
        let tail = file.tail(65_557)
        guard let place = tail.lastIndex(of: "PK\u{5}\u{6}"), tail.count - place >= 22,
            var size = tail.littleEndian(place + 12, as: UInt32.self).map({ Int64($0) }),
            var offset = tail.littleEndian(place + 16, as: UInt32.self).map({ Int64($0) }),
            var count = tail.littleEndian(place + 10, as: UInt16.self).map({ Int64($0) }),
            let comment: UInt16 = tail.littleEndian(place + 20)
        else { return false }
        let position = file.size - Int64(tail.count - place)
        end = position + 22 + Int64(comment)
        if let end, end > file.size { damage = "the end of the directory is cut" }
        if size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF || count == 0xFFFF,
            let locator: Int64 = file.read(at: position - 20, count: 20).littleEndian(8)
        {
            let long = file.read(at: locator, count: 56)
            guard long.has("PK\u{6}\u{6}"), let c: Int64 = long.littleEndian(32), let s: Int64 = long.littleEndian(40),
                let o: Int64 = long.littleEndian(48)
            else {
                damage = "no end of the long directory"
                return true
            }
            (count, size, offset) = (c, s, o)
        }
        guard offset >= 0, size >= 0, offset <= position, size <= position - offset else {
            damage = "the directory lies behind its end"
            return true
        }
        hasTooMany = count > Self.maximumMembers
        read(file.read(at: offset, count: Int(min(size, Self.maximumSize))))
        if !hasTooMany, Int64(members.count) != count { damage = "the directory is not what its end says" }
        return true
    }

    private mutating func read(_ directory: [UInt8]) {
        var index = 0
        while members.count < Self.maximumMembers, directory.has("PK\u{1}\u{2}", at: index),
            let flags: UInt16 = directory.littleEndian(index + 8),
            let method: UInt16 = directory.littleEndian(index + 10),
            let check: UInt32 = directory.littleEndian(index + 16),
            let packed: UInt32 = directory.littleEndian(index + 20),
            let size: UInt32 = directory.littleEndian(index + 24),
            let name: UInt16 = directory.littleEndian(index + 28),
            let extra: UInt16 = directory.littleEndian(index + 30),
            let comment: UInt16 = directory.littleEndian(index + 32),
            let mode: UInt16 = directory.littleEndian(index + 40),
            let offset: UInt32 = directory.littleEndian(index + 42), index + 46 + Int(name) <= directory.count
        {
            var long = LongSizes(
                directory, index + 46 + Int(name), Int(extra), size: size, packed: packed, offset: offset)
            long.read()
            members.append(
                Member(
                    name: String(decoding: directory[(index + 46)..<(index + 46 + Int(name))], as: UTF8.self),
                    isEncrypted: flags & 1 == 1, method: method, check: check, packedSize: long.packed, size: long.size,
                    position: long.offset, isLink: mode & 0xF000 == 0xA000))
            index += 46 + Int(name) + Int(extra) + Int(comment)
        }
    }

    /// What is left of a file that was cut: the members themselves.
    private mutating func readLocalHeaders(_ file: FileBytes) {
        var position: Int64 = 0
        while members.count < 1000 {
            let head = file.read(at: position, count: 30)
            guard head.has("PK\u{3}\u{4}"), let flags: UInt16 = head.littleEndian(6),
                let method: UInt16 = head.littleEndian(8), let check: UInt32 = head.littleEndian(14),
                let packed: UInt32 = head.littleEndian(18), let size: UInt32 = head.littleEndian(22),
                let name: UInt16 = head.littleEndian(26), let extra: UInt16 = head.littleEndian(28)
            else { return }
            members.append(
                Member(
                    name: String(decoding: file.read(at: position + 30, count: Int(name)), as: UTF8.self),
                    isEncrypted: flags & 1 == 1, method: method, check: check, packedSize: Int64(packed),
                    size: Int64(size), position: position, isLink: false))
            // The sizes come behind the member, so nobody knows where it ends.
            if flags & 8 != 0 { return }
            position += 30 + Int64(name) + Int64(extra) + Int64(packed)
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

/// Sizes that need more than four bytes stand in an extra field.
private struct LongSizes {
    private let directory: [UInt8]
    private var index: Int
    private let end: Int
    private(set) var size: Int64
    private(set) var packed: Int64
    private(set) var offset: Int64

    init(_ directory: [UInt8], _ start: Int, _ count: Int, size: UInt32, packed: UInt32, offset: UInt32) {
        self.directory = directory
        index = start
        end = min(start + count, directory.count)
        (self.size, self.packed, self.offset) = (Int64(size), Int64(packed), Int64(offset))
    }

    mutating func read() {
        guard size == 0xFFFF_FFFF || packed == 0xFFFF_FFFF || offset == 0xFFFF_FFFF else { return }
        while index + 4 <= end, let id: UInt16 = directory.littleEndian(index),
            let length: UInt16 = directory.littleEndian(index + 2)
        {
            index += 4
            guard id == 1 else {
                index += Int(length)
                continue
            }
            for part in [\LongSizes.size, \.packed, \.offset] where self[keyPath: part] == 0xFFFF_FFFF {
                guard let value: UInt64 = directory.littleEndian(index) else { return }
                self[keyPath: part] = Int64(min(value, 1 << 60))
                index += 8
            }
            return
        }
    }
}
