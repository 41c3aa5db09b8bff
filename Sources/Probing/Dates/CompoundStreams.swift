internal import Reading

/// The streams of an OLE compound file, which is what old office documents and
/// messages of Outlook are. Bounded.
///
/// Source: [MS-CFB].
struct CompoundStreams {
    private struct Stream {
        let start: UInt32
        let size: Int
    }

    private let file: FileBytes
    private let sectorSize: Int
    private var table: [UInt32] = []
    private var miniTable: [UInt32] = []
    private var miniStream: [UInt8] = []
    /// Those that are in no storage, by name: attachments have streams of the same names.
    private var streams: [String: Stream] = [:]
    private let miniLimit: Int

    private static let maximumSectors = 1 << 18
    private static let maximumEntries = 10_000
    private static let maximumStream = 1 << 20
    private static let last: UInt32 = 0xFFFF_FFFA

    init?(_ file: FileBytes) {
        let head = file.read(at: 0, count: 512)
        guard head.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]), head.count == 512,
            let shift: UInt16 = head.littleEndian(30), shift == 9 || shift == 12,
            let directory: UInt32 = head.littleEndian(48), let limit: UInt32 = head.littleEndian(56),
            let mini: UInt32 = head.littleEndian(60)
        else { return nil }
        self.file = file
        sectorSize = 1 << Int(shift)
        miniLimit = Int(min(limit, 4096))
        table = numbers(in: tableSectors(head).flatMap { sector($0) })
        miniTable = numbers(in: chain(from: mini, upTo: Self.maximumStream))
        readDirectory(chain(from: directory, upTo: Self.maximumEntries * 128))
    }

    /// The bytes of a stream, at most so many.
    func bytes(of name: String, upTo limit: Int = maximumStream) -> [UInt8]? {
        guard let stream = streams[name] else { return nil }
        let size = min(stream.size, limit)
        if stream.size >= miniLimit { return Array(chain(from: stream.start, upTo: size).prefix(size)) }
        var bytes: [UInt8] = []
        var next = stream.start
        while bytes.count < size, Int(next) < miniTable.count, (Int(next) + 1) * 64 <= miniStream.count {
            bytes += miniStream[Int(next) * 64..<(Int(next) + 1) * 64]
            next = miniTable[Int(next)]
        }
        return Array(bytes.prefix(size))
    }

    /// The sectors of the table: 109 are named in the header, the others in sectors of their own.
    private func tableSectors(_ head: [UInt8]) -> [UInt32] {
        var sectors = numbers(in: Array(head[76...]))
        var next: UInt32 = head.littleEndian(68) ?? .max
        while next < Self.last, sectors.count < Self.maximumSectors * 4 / sectorSize {
            let more = numbers(in: sector(next))
            guard more.count > 1 else { break }
            sectors += more.dropLast()
            next = more[more.count - 1]
        }
        return Array(sectors.prefix { $0 < Self.last }.prefix(Self.maximumSectors * 4 / sectorSize))
    }

    private func sector(_ number: UInt32) -> [UInt8] {
        file.read(at: (Int64(number) + 1) * Int64(sectorSize), count: sectorSize)
    }

    private func chain(from first: UInt32, upTo limit: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var next = first
        while bytes.count < limit, Int(next) < table.count {
            let sector = sector(next)
            guard !sector.isEmpty else { break }
            bytes += sector
            next = table[Int(next)]
        }
        return bytes
    }

    private func numbers(in bytes: [UInt8]) -> [UInt32] {
        stride(from: 0, to: bytes.count - 3, by: 4).compactMap { bytes.littleEndian($0) }
    }

    private mutating func readDirectory(_ bytes: [UInt8]) {
        guard bytes.count >= 128, let root = Self.stream(bytes, 0), let top: UInt32 = bytes.littleEndian(76) else {
            return
        }
        miniStream = chain(from: root.start, upTo: min(root.size, Self.maximumStream * 4))
        // The entries of a storage are a tree, which damage can make a loop.
        var seen: Set<UInt32> = []
        var waiting = [top]
        while let entry = waiting.popLast(), seen.count < Self.maximumEntries {
            let index = Int(entry) * 128
            guard index + 128 <= bytes.count, seen.insert(entry).inserted else { continue }
            waiting += [bytes.littleEndian(index + 68), bytes.littleEndian(index + 72)].compactMap(\.self)
            if bytes[index + 66] == 2 { streams[Self.name(bytes, index)] = Self.stream(bytes, index) }
        }
    }

    private static func stream(_ bytes: [UInt8], _ index: Int) -> Stream? {
        guard let start: UInt32 = bytes.littleEndian(index + 116), let size: UInt32 = bytes.littleEndian(index + 120)
        else { return nil }
        return Stream(start: start, size: Int(size))
    }

    private static func name(_ bytes: [UInt8], _ index: Int) -> String {
        let size = Int(min(bytes.littleEndian(index + 64, as: UInt16.self) ?? 0, 64))
        let units = stride(from: index, to: index + max(0, size - 2), by: 2).compactMap {
            bytes.littleEndian($0, as: UInt16.self)
        }
        return String(decoding: units, as: UTF16.self)
    }
}
