internal import Artefacts
internal import InspectionWire
internal import Reading

/// The blocks of a GIF.
///
/// Source: CompuServe, Graphics Interchange Format 89a.
struct GIFBlocks {
    private let file: FileBytes
    private var position: Int64
    private var frames = 0
    private var end: Int64?
    private var xmp: [UInt8]?

    private static let maximumBlocks = 2_000_000
    private static let maximumPacket: Int64 = 1 << 20
    /// Behind it stands a packet as it is, and bytes that lead every reader of blocks to its end.
    ///
    /// Source: XMP part 3, 1.1.2.
    private static let packetExtension = [0x21, 0xFF, 11] + Array("XMP DataXMP".utf8)

    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard head.has("GIF87a") || head.has("GIF89a") else { return nil }
        var finding = FormatFinding("image/gif", puid: head.has("GIF87a") ? "fmt/3" : "fmt/4")
        finding.width = head.littleEndian(6, as: UInt16.self).map { Int($0) }
        finding.height = head.littleEndian(8, as: UInt16.self).map { Int($0) }
        var blocks = GIFBlocks(file, head)
        blocks.walk()
        finding.wholeness = .whole(blocks.end != nil && blocks.frames > 0, or: "no trailer")
        finding.end = blocks.end
        finding.xmp = blocks.xmp
        if blocks.frames > 1 { finding.features.insert(.animated) }
        if blocks.frames > 10_000 { finding.features.insert(.tooManyParts) }
        // A browser that is told so runs it as a script, which begins in the width.
        if head.has("/*", at: 6) || head.has("=", at: 6) || TrailingBytes.isPolyglot(head) {
            finding.features.insert(.polyglot)
        }
        return finding
    }

    private init(_ file: FileBytes, _ head: [UInt8]) {
        self.file = file
        position = 13 + (head.count > 10 ? Self.tableSize(head[10]) : 0)
    }

    private static func tableSize(_ flags: UInt8) -> Int64 { flags & 0x80 == 0 ? 0 : 3 << (Int64(flags & 7) + 1) }

    private mutating func walk() {
        var left = Self.maximumBlocks
        while left > 0, let kind = file.read(at: position, count: 1).first {
            var packet: Int64?
            switch kind {
            case 0x3B:
                end = position + 1
                return
            case 0x21:
                if xmp == nil, file.read(at: position, count: 14) == Self.packetExtension { packet = position + 14 }
                position += 2
            case 0x2C:
                let descriptor = file.read(at: position, count: 10)
                guard descriptor.count == 10 else { return }
                frames += 1
                position += 11 + Self.tableSize(descriptor[9])
            default: return
            }
            while left > 0 {
                left -= 1
                guard let length = file.read(at: position, count: 1).first else { return }
                position += 1 + Int64(length)
                if length == 0 { break }
            }
            if let packet {
                // What stands behind it begins with a 1, which is in no XML.
                xmp = file.read(at: packet, count: Int(min(position - packet, Self.maximumPacket))).prefix { $0 != 1 }
                    .map(\.self)
            }
        }
    }
}
