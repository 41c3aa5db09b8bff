internal import Reading

/// Leaves of a GIF its frames and how often they are repeated.
///
/// Source: GIF89a specification, sections 18 to 27.
struct GIFStripping {
    private let file: FileBytes
    private var copy = CopyPlan()
    private var position: Int64

    private static let maximumBlocks = 1_000_000
    private static let looping = ["NETSCAPE2.0", "ANIMEXTS1.0"]

    init(_ file: FileBytes) {
        self.file = file
        position = 0
    }

    consuming func plan() throws(StrippingError) -> CopyPlan {
        let head = try file.exactly(at: 0, count: 13)
        guard head.has("GIF87a") || head.has("GIF89a") else { throw .notUnderstood("no GIF signature") }
        position = 13 + Self.tableSize(head[10])
        copy.keep(0..<position)
        var hasImage = false
        for _ in 0..<Self.maximumBlocks {
            switch try file.exactly(at: position, count: 1)[0] {
            case 0x3B:
                guard hasImage else { throw .notUnderstood("a GIF without an image") }
                copy.add([0x3B])
                return copy
            case 0x2C:
                hasImage = true
                let start = position
                position += 11 + Self.tableSize(try file.exactly(at: position, count: 10)[9])
                try skipSubBlocks()
                copy.keep(start..<position)
            case 0x21: try takeExtension()
            default: throw .notUnderstood("an unknown block of a GIF")
            }
        }
        throw .notUnderstood("too many blocks")
    }

    private mutating func takeExtension() throws(StrippingError) {
        let start = position
        let head = file.read(at: position, count: 19)
        guard head.count >= 8 else { throw .notUnderstood("an extension that is cut short") }
        position += 2
        try skipSubBlocks()
        let isControl = head[1] == 0xF9 && head[2] == 4 && position == start + 8
        let isLoop =
            head[1] == 0xFF && head[2] == 11 && position == start + 19
            && Self.looping.contains { head.has($0, at: 3) }
        if isControl || isLoop { copy.keep(start..<position) }
    }

    private mutating func skipSubBlocks() throws(StrippingError) {
        for _ in 0..<file.size {
            let size = try file.exactly(at: position, count: 1)[0]
            position += 1 + Int64(size)
            if size == 0 { return }
        }
    }

    /// Bytes of the colour table that packed flags speak of.
    private static func tableSize(_ flags: UInt8) -> Int64 { flags & 0x80 == 0 ? 0 : 3 << (Int64(flags & 7) + 1) }
}
