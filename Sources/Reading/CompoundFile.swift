/// The sectors, storages and streams of an OLE compound file.
///
/// Source: MS-CFB, sections 2.2 to 2.6.
package struct CompoundFile {
    /// A stream, or a storage, which holds others.
    package struct Entry {
        /// Its place among all entries.
        package let number: Int
        package let name: String
        package let kind: Kind
        /// Bytes of a stream.
        package let size: Int64
        package let classID: [UInt8]
        let start: UInt32
        let child: UInt32
        /// Before and behind it in the tree of its storage.
        let siblings: [UInt32]

        /// Whether it holds others.
        package var hasMembers: Bool { kind != .stream && child != .max }
    }

    /// What an entry is, as it is written.
    package enum Kind: UInt8 {
        case free = 0
        case storage = 1
        case stream = 2
        case root = 5
    }

    private let file: FileBytes
    private let sectorSize: Int64
    private let cutoff: Int64
    private var table: [UInt32] = []
    private var miniTable: [UInt32] = []
    /// The sectors in which small streams share room.
    private var miniStream: [UInt32] = []
    package private(set) var entries: [Entry] = []
    /// What is wrong with the file, as a technical phrase; `nil` where it is whole.
    package private(set) var damage: String?

    private static let maximumSectors = 1 << 22
    private static let maximumEntries = 20_000
    private static let miniSize = 64
    private static let endOfChain: UInt32 = 0xFFFF_FFFE

    /// - Parameter head: the first 512 bytes, or more.
    package init?(_ file: FileBytes, _ head: [UInt8]) {
        guard head.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) else { return nil }
        self.file = file
        let shift: UInt16 = head.littleEndian(30) ?? 9
        sectorSize = shift == 12 ? 4096 : 512
        cutoff = Int64(head.littleEndian(56, as: UInt32.self) ?? 4096)
        guard head.count >= 512 else {
            damage = "the header is cut"
            return
        }
        readTable(head)
        readDirectory(start: head.littleEndian(48) ?? 0)
        miniStream = entries.first { $0.kind == .root }.map { chain(from: $0.start) } ?? []
        let miniSectors = chain(from: head.littleEndian(60) ?? Self.endOfChain)
        miniTable = numbers(miniSectors)
        let last = table.lastIndex { $0 != .max } ?? 0
        if damage == nil,
            miniTable.count < miniSectors.count * Int(sectorSize) / 4 || position(UInt32(clamping: last)) >= file.size
        {
            damage = "a sector lies behind the end"
        }
        checkStreams()
    }

    private func position(_ sector: UInt32) -> Int64 { (Int64(sector) + 1) * sectorSize }

    private func numbers(_ sectors: [UInt32]) -> [UInt32] {
        sectors.flatMap { sector -> [UInt32] in
            let bytes = file.read(at: position(sector), count: Int(sectorSize))
            return stride(from: 0, to: bytes.count - 3, by: 4).compactMap { bytes.littleEndian($0) }
        }
    }

    private mutating func readTable(_ head: [UInt8]) {
        var sectors = (0..<109).compactMap { head.littleEndian(76 + 4 * $0, as: UInt32.self) }
        var next: UInt32 = head.littleEndian(68) ?? Self.endOfChain
        // A file has no more of it than for its own sectors, whatever it says.
        let perSector = sectorSize / 4
        let most = min(Int(file.size / sectorSize / perSector) + 2, Self.maximumSectors / 128)
        var left = min(Int(head.littleEndian(72, as: UInt32.self) ?? 0), most / Int(perSector) + 1)
        while left > 0, next < Self.endOfChain - 3 {
            var part = numbers([next])
            next = part.popLast() ?? Self.endOfChain
            sectors += part
            left -= 1
        }
        let used = sectors.filter { $0 < 0xFFFF_FFFA }
        for sector in used.prefix(most) {
            guard position(sector) + sectorSize <= file.size else {
                damage = "the table of sectors lies behind the end"
                break
            }
            table += numbers([sector])
        }
        if table.isEmpty, damage == nil { damage = "no table of sectors" }
    }

    /// The sectors of a chain, which is short where it goes in a circle.
    private func chain(from start: UInt32, in table: [UInt32]? = nil, limit: Int = maximumSectors) -> [UInt32] {
        let table = table ?? self.table
        var sectors: [UInt32] = []
        var sector = start
        while sector < UInt32(clamping: table.count), sectors.count < min(limit, table.count) {
            sectors.append(sector)
            sector = table[Int(sector)]
        }
        return sectors
    }

    private mutating func readDirectory(start: UInt32) {
        let perSector = Int(sectorSize) / 128
        let sectors = chain(from: start, limit: Self.maximumEntries / perSector)
        if sectors.isEmpty, damage == nil { damage = "no directory" }
        for sector in sectors {
            let bytes = file.read(at: position(sector), count: Int(sectorSize))
            guard bytes.count == Int(sectorSize) else {
                damage = "the directory is cut"
                return
            }
            for index in 0..<perSector {
                let place = index * 128
                // An entry that is free keeps its number, but not its name.
                let kind = Kind(rawValue: bytes[place + 66]) ?? .free
                let length =
                    kind == .free ? 0 : min(Int(bytes.littleEndian(place + 64, as: UInt16.self) ?? 0), 64)
                let units = stride(from: 0, to: max(0, length - 2), by: 2).compactMap {
                    bytes.littleEndian(place + $0, as: UInt16.self)
                }
                entries.append(
                    Entry(
                        number: entries.count, name: String(decoding: units, as: UTF16.self), kind: kind,
                        size: Int64(bytes.littleEndian(place + 120, as: UInt32.self) ?? 0),
                        classID: Array(bytes[place + 80..<place + 96]),
                        start: bytes.littleEndian(place + 116) ?? 0, child: bytes.littleEndian(place + 76) ?? 0,
                        siblings: [bytes.littleEndian(place + 68), bytes.littleEndian(place + 72)].compactMap(\.self)))
            }
        }
    }

    private mutating func checkStreams() {
        // Streams share no sectors, so that all chains together are no longer than the table.
        var left = table.count
        for entry in entries where damage == nil && entry.size > 0 {
            guard entry.kind == .root || (entry.kind == .stream && entry.size >= cutoff) else { continue }
            let sectors = chain(from: entry.start)
            left -= sectors.count
            guard left >= 0 else {
                damage = "streams share their sectors"
                return
            }
            if Int64(sectors.count) * sectorSize < entry.size {
                damage = "a stream is shorter than its entry says"
            } else if let last = sectors.last, position(last) + (entry.size - 1) % sectorSize + 1 > file.size {
                damage = "a stream lies behind the end"
            }
        }
    }

    /// Whether anything in it has that name, however deep.
    package func has(_ name: String) -> Bool { entries.contains { $0.name == name } }

    /// The first bytes of a stream, however deep; none where there is no such stream.
    package func stream(_ name: String, limit: Int) -> [UInt8] {
        guard let entry = entries.first(where: { $0.name == name && $0.kind == .stream }) else { return [] }
        return bytes(entry, limit: limit)
    }

    /// The first bytes of a stream that is in no storage: attachments have streams of the same names.
    package func topStream(_ name: String, limit: Int) -> [UInt8]? {
        guard let root = entries.first else { return nil }
        return members(of: root).first { $0.kind == .stream && $0.name == name }.map { bytes($0, limit: limit) }
    }

    /// What a storage holds, in no order.
    package func members(of storage: Entry) -> [Entry] {
        // They are a tree, which damage can make a loop.
        var seen: Set<UInt32> = []
        var members: [Entry] = []
        var waiting = storage.hasMembers ? [storage.child] : []
        while let number = waiting.popLast() {
            guard Int(number) < entries.count, seen.insert(number).inserted else { continue }
            let entry = entries[Int(number)]
            members.append(entry)
            waiting += entry.siblings
        }
        return members
    }

    /// The first bytes of a stream.
    package func bytes(_ entry: Entry, limit: Int) -> [UInt8] {
        let limit = min(limit, Int(entry.size))
        guard entry.size < cutoff else {
            let sectors = chain(from: entry.start, limit: limit / Int(sectorSize) + 1)
            return Array(sectors.flatMap { file.read(at: position($0), count: Int(sectorSize)) }.prefix(limit))
        }
        let pieces = chain(from: entry.start, in: miniTable, limit: limit / Self.miniSize + 1)
        return Array(pieces.flatMap { miniPiece(Int($0)) }.prefix(limit))
    }

    /// One of the pieces that small streams consist of.
    private func miniPiece(_ number: Int) -> [UInt8] {
        let (sector, place) = (number * Self.miniSize).quotientAndRemainder(dividingBy: Int(sectorSize))
        guard sector < miniStream.count else { return [] }
        return file.read(at: position(miniStream[sector]) + Int64(place), count: Self.miniSize)
    }
}
