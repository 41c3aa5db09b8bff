internal import Artefacts
internal import InspectionWire
internal import Reading

/// The elements of a Matroska or WebM file, down to its blocks.
///
/// Browsers write no duration and no sizes, which is no damage; the last block
/// tells how long the recording is.
///
/// Source: RFC 8794; RFC 9559.
struct MatroskaElements {
    private let file: FileBytes
    private(set) var documentType = ""
    private(set) var damage: String?
    /// Seconds, by the last block.
    private(set) var lastBlock: Double?
    private(set) var hasTrack = false
    private(set) var end: Int64?
    private var ticks: Int64 = 1_000_000
    private var cluster: Int64 = 0
    private var isEndKnown = false

    private static let maximumElements = 1_000_000
    /// Those that hold others which are looked at.
    private static let masters: Set<UInt32> = [0x1853_8067, 0x1F43_B675, 0x1549_A966, 0xA0]

    init?(_ file: FileBytes, _ head: [UInt8]) {
        guard head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) else { return nil }
        self.file = file
        guard let header = element(at: 0), let size = header.size, size <= 4096 else {
            damage = "no header"
            return
        }
        let bytes = file.read(at: header.content, count: Int(size))
        if let place = bytes.indices.first(where: { bytes[$0...].starts(with: [0x42, 0x82]) }), place + 2 < bytes.count
        {
            let length = Int(bytes[place + 2] & 0x7F)
            documentType = String(decoding: bytes[(place + 3)...].prefix(length).prefix { $0 != 0 }, as: UTF8.self)
        }
        walk(from: header.content + size)
    }

    private struct Element {
        let id: UInt32
        let content: Int64
        /// `nil` where it is not known.
        let size: Int64?
    }

    private func element(at position: Int64) -> Element? {
        let head = file.read(at: position, count: 12)
        guard let first = head.first, first != 0 else { return nil }
        let idWidth = first.leadingZeroBitCount + 1
        guard idWidth <= 4, head.count > idWidth, head[idWidth] != 0 else { return nil }
        let id = head[..<idWidth].reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        let width = head[idWidth].leadingZeroBitCount + 1
        guard head.count >= idWidth + width else { return nil }
        let mask: UInt64 = (1 << UInt64(7 * width)) - 1
        let value = head[idWidth..<idWidth + width].reduce(0 as UInt64) { $0 << 8 | UInt64($1) } & mask
        return Element(
            id: id, content: position + Int64(idWidth + width),
            size: value == mask ? nil : Int64(min(value, 1 << 60)))
    }

    private mutating func walk(from start: Int64) {
        var position = start
        for _ in 0..<Self.maximumElements where position < file.size {
            guard let element = element(at: position) else {
                if isEndKnown || file.size - position > 16 { end = position } else { damage = "an element is cut" }
                return
            }
            if let size = element.size, element.content + size > file.size {
                damage = "an element is longer than the file"
                // What it holds may still be looked at.
                guard Self.masters.contains(element.id) else { return }
            }
            if element.id == 0x1853_8067 { isEndKnown = element.size != nil }
            if Self.masters.contains(element.id) {
                position = element.content
            } else {
                take(element)
                guard let size = element.size else { return }
                position = element.content + size
            }
        }
        if position == file.size { end = position }
    }

    private mutating func take(_ element: Element) {
        guard let size = element.size else { return }
        switch element.id {
        case 0x2AD7B1: ticks = max(1, number(element, size))
        case 0xE7: cluster = number(element, size)
        case 0x1654_AE6B: hasTrack = true
        case 0xA3, 0xA1:
            let head = file.read(at: element.content, count: 12)
            guard let first = head.first, first != 0,
                let offset: UInt16 = head.bigEndian(first.leadingZeroBitCount + 1)
            else { return }
            let time = Double(cluster) + Double(Int16(bitPattern: offset))
            lastBlock = max(lastBlock ?? 0, time * Double(ticks) / 1e9)
        default: break
        }
    }

    private func number(_ element: Element, _ size: Int64) -> Int64 {
        guard size <= 8 else { return 0 }
        let value = file.read(at: element.content, count: Int(size)).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return Int64(min(value, 1 << 60))
    }

    /// Without a known size, a file that was cut between two blocks looks whole.
    private var wholeness: Wholeness {
        if let damage { return .damaged(evidence: damage) }
        if !hasTrack || lastBlock == nil { return .damaged(evidence: "no tracks or no blocks") }
        return isEndKnown ? .whole : .unknown
    }

    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard let matroska = MatroskaElements(file, head) else { return nil }
        let isWeb = matroska.documentType == "webm"
        var finding =
            isWeb
            ? FormatFinding("video/webm", sound: "audio/webm", puid: "fmt/573")
            : FormatFinding("video/x-matroska", sound: "audio/x-matroska", puid: "fmt/569")
        finding.wholeness = matroska.wholeness
        finding.duration = matroska.lastBlock
        finding.end = matroska.isEndKnown ? matroska.end : nil
        return finding
    }
}
