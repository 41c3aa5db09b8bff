internal import CHashing
internal import InspectionWire
internal import Reading

/// What the members of a ZIP hold, unpacked within bounds.
struct ZipMembers {
    let file: FileBytes
    let zip: ZipDirectory

    /// Bytes that are unpacked to compare checks.
    private static let maximumChecked: Int64 = 16 << 20
    private static let maximumTotal: Int64 = 50 << 30
    /// What small archives unpack to harms nobody.
    private static let harmless: Int64 = 64 << 20

    func member(_ name: String) -> ZipDirectory.Member? { zip.members.first { $0.name == name } }

    /// The first bytes of a member.
    func bytes(_ name: String, limit: Int) -> [UInt8] {
        guard let member = member(name) else { return [] }
        return bytes(member, limit: limit)
    }

    func bytes(_ member: ZipDirectory.Member, limit: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        _ = unpack(member) { piece in
            bytes.append(contentsOf: piece)
            return bytes.count < limit
        }
        return Array(bytes.prefix(limit))
    }

    /// Whether there was a member to unpack, to its end.
    private func unpack(_ member: ZipDirectory.Member, _ give: (UnsafeRawBufferPointer) -> Bool) -> Bool {
        guard !member.isEncrypted, let range = range(member) else { return false }
        switch member.method {
        case 0:
            file.scan(from: range.lowerBound, to: range.upperBound) { _, piece in give(piece) ? .onwards : .enough }
            return true
        case 8: return Inflater.unpack(file, range, give)
        default: return false
        }
    }

    /// Where the packed bytes are.
    private func range(_ member: ZipDirectory.Member) -> Range<Int64>? {
        let head = file.read(at: member.position, count: 30)
        guard head.has("PK\u{3}\u{4}"), let name: UInt16 = head.littleEndian(26),
            let extra: UInt16 = head.littleEndian(28)
        else { return nil }
        let start = member.position + 30 + Int64(name) + Int64(extra)
        guard member.packedSize <= file.size - start else { return nil }
        return start..<start + member.packedSize
    }

    /// Each member is where the directory says, and holds what it held, as far as is looked.
    var wholeness: Wholeness {
        if let damage = zip.damage { return .damaged(evidence: damage) }
        var left = Self.maximumChecked
        for member in zip.members {
            guard range(member) != nil else { return .damaged(evidence: "a member is not where the directory says") }
            guard left > 0 else { break }
            guard !member.isEncrypted, member.method == 0 || member.method == 8, member.size <= left else { continue }
            left -= member.size
            guard isSound(member) else { return .damaged(evidence: "a member fails its check") }
        }
        return .whole
    }

    private func isSound(_ member: ZipDirectory.Member) -> Bool {
        var check = crc32(0, nil, 0)
        var size: Int64 = 0
        let isWhole = unpack(member) { piece in
            check = crc32(check, piece.bindMemory(to: UInt8.self).baseAddress, UInt32(piece.count))
            size += Int64(piece.count)
            return size <= member.size
        }
        return (isWhole || member.size == 0) && size == member.size && UInt32(check) == member.check
    }

    /// What is unusual in an archive, whatever it holds.
    ///
    /// - Parameter ratio: how many times larger the members may be than the file.
    func features(ratio: Int64) -> Set<Feature> {
        var features: Set<Feature> = []
        if zip.hasTooMany { features.insert(.tooManyParts) }
        if zip.members.contains(where: \.isEncrypted) { features.insert(.passwordLocked) }
        if zip.members.contains(where: { $0.isLink || Self.isUnsafe($0.name) }) { features.insert(.unsafePaths) }
        if isBomb(ratio: ratio) || hasOverlap { features.insert(.archiveBomb) }
        return features
    }

    private func isBomb(ratio: Int64) -> Bool {
        let total = zip.members.reduce(0 as Int64) { $0 + min($1.size, 1 << 48) }
        return total > Self.maximumTotal || (total > Self.harmless && total / ratio > file.size)
    }

    /// The same bytes for several members make much of little.
    private var hasOverlap: Bool {
        var end: Int64 = 0
        for member in zip.members.sorted(by: { $0.position < $1.position }) {
            if member.position < end { return true }
            end = member.position + 30 + Int64(member.name.utf8.count) + member.packedSize
        }
        return false
    }

    /// Source: CWE-22 for the names of members.
    private static func isUnsafe(_ name: String) -> Bool {
        let parts = name.split(whereSeparator: { $0 == "/" || $0 == "\\" })
        let isDrive = name.utf8.count >= 2 && name.dropFirst().first == ":"
        return parts.contains("..") || name.hasPrefix("/") || name.contains("\\") || isDrive || name.contains("\0")
    }
}
