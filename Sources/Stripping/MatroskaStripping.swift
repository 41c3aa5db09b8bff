internal import Reading

/// Leaves of a Matroska or WebM file its tracks, and makes the rest `Void`.
///
/// Every byte stays at its place, so that no position changes.
///
/// Source: RFC 8794 (EBML), sections 4, 5 and 11.3; RFC 9559 (Matroska), section 5.
struct MatroskaStripping {
    private let file: FileBytes
    private var edits = InPlaceEdits()
    private var hasClusters = false

    private static let maximumElements = 5_000_000
    private static let video: [UInt8] = [1]
    private static let audio: [UInt8] = [2]

    init(_ file: FileBytes) { self.file = file }

    consuming func plan() throws(StrippingError) -> CopyPlan {
        let head = try element(at: 0, until: file.size)
        guard head.id == ElementID.header, !head.hasUnknownSize, head.body.count <= 1024 else {
            throw .notUnderstood("no EBML header")
        }
        let segment = try element(at: head.end, until: file.size)
        guard segment.id == ElementID.segment else { throw .notUnderstood("no segment") }
        try takeSegment(segment)
        guard hasClusters else { throw .notUnderstood("a segment without clusters") }
        edits.replace(segment.end..<file.size)
        return try edits.plan(size: file.size)
    }

    private mutating func takeSegment(_ segment: Element) throws(StrippingError) {
        var position = segment.content
        for _ in 0..<Self.maximumElements {
            guard position < segment.end else { return }
            let child = try element(at: position, until: segment.end)
            position = child.end
            switch child.id {
            case ElementID.seekHead, ElementID.cues: break
            case ElementID.information: try keep([.timestampScale, .duration, .muxer, .writer], in: child)
            case ElementID.tracks: try takeTracks(child)
            case ElementID.cluster: position = try endOfCluster(child, in: segment)
            default: try leaveOut(child)
            }
        }
        throw .notUnderstood("too many elements")
    }

    private mutating func takeTracks(_ tracks: Element) throws(StrippingError) {
        for entry in try children(tracks) {
            guard entry.id == ElementID.track else {
                try leaveOut(entry)
                continue
            }
            for field in try children(entry) {
                switch field.id {
                case ElementID.trackType:
                    let type = try file.exactly(at: field.content, count: field.body.count)
                    guard type == Self.video || type == Self.audio else {
                        throw .notUnderstood("other tracks than picture and sound")
                    }
                case _ where ElementID.inTracks.contains(field.id): break
                default: try leaveOut(field)
                }
            }
        }
    }

    /// A cluster of unknown size ends where an element begins that belongs to none.
    private mutating func endOfCluster(_ cluster: Element, in segment: Element) throws(StrippingError) -> Int64 {
        hasClusters = true
        var position = cluster.content
        for _ in 0..<Self.maximumElements {
            guard position < cluster.end else { return position }
            let child = try element(at: position, until: cluster.end)
            guard ElementID.inClusters.contains(child.id) else {
                guard cluster.hasUnknownSize else { throw .notUnderstood("an unknown part of a cluster") }
                return position
            }
            if child.id == ElementID.void { edits.replace(child.body) }
            position = child.end
        }
        throw .notUnderstood("too many blocks")
    }

    private mutating func keep(_ kept: [ElementID.Information], in parent: Element) throws(StrippingError) {
        for child in try children(parent) where !kept.contains(where: { $0.rawValue == child.id }) {
            try leaveOut(child)
        }
    }

    private func children(_ parent: Element) throws(StrippingError) -> [Element] {
        guard !parent.hasUnknownSize else { throw .notUnderstood("a list of unknown size") }
        var children: [Element] = []
        var position = parent.content
        while position < parent.end {
            guard children.count < 10_000 else { throw .notUnderstood("too many elements") }
            children.append(try element(at: position, until: parent.end))
            position = children[children.count - 1].end
        }
        return children
    }

    /// Makes an element one that readers skip, of the same length.
    private mutating func leaveOut(_ element: Element) throws(StrippingError) {
        let length = element.end - element.start
        guard !element.hasUnknownSize else { throw .notUnderstood("a part of unknown size") }
        // One byte holds sizes up to 126; eight bytes hold any.
        let isShort = length < 10
        let size = length - (isShort ? 2 : 9)
        let head: [UInt8] =
            isShort
            ? [0xEC, 0x80 | UInt8(size)]
            : [0xEC, 1] + withUnsafeBytes(of: size.bigEndian) { Array($0.dropFirst()) }
        edits.replace(element.start..<element.end, with: head)
    }

    private struct Element {
        let id: UInt32
        let start: Int64
        let content: Int64
        let end: Int64
        let hasUnknownSize: Bool

        var body: Range<Int64> { content..<end }
    }

    private func element(at position: Int64, until end: Int64) throws(StrippingError) -> Element {
        let head = file.read(at: position, count: 12)
        guard let first = head.first, first >= 0x10 else { throw .notUnderstood("an element without a name") }
        let nameWidth = first.leadingZeroBitCount + 1
        guard head.count > nameWidth, head[nameWidth] != 0 else { throw .notUnderstood("an element without a size") }
        let sizeWidth = head[nameWidth].leadingZeroBitCount + 1
        let content = position + Int64(nameWidth + sizeWidth)
        guard head.count >= nameWidth + sizeWidth else { throw .notUnderstood("an element that is cut short") }
        let id = head[..<nameWidth].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let field = head[nameWidth..<nameWidth + sizeWidth].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        let unknown: Int64 = 1 << (7 * Int64(sizeWidth)) - 1
        let size = field & unknown
        if size == unknown {
            guard id == ElementID.segment || id == ElementID.cluster else {
                throw .notUnderstood("a part of unknown size")
            }
            return Element(id: id, start: position, content: content, end: end, hasUnknownSize: true)
        }
        guard content <= end, size <= end - content else { throw .notUnderstood("an element that is cut short") }
        return Element(id: id, start: position, content: content, end: content + size, hasUnknownSize: false)
    }
}

private enum ElementID {
    static let header: UInt32 = 0x1A45_DFA3
    static let segment: UInt32 = 0x1853_8067
    static let seekHead: UInt32 = 0x114D_9B74
    static let information: UInt32 = 0x1549_A966
    static let tracks: UInt32 = 0x1654_AE6B
    static let track: UInt32 = 0xAE
    static let trackType: UInt32 = 0x83
    /// Numbers, flags, times, languages, codecs and how to code; names are not among them.
    static let inTracks: Set<UInt32> = [
        0xD7, 0x73C5, 0xB9, 0x88, 0x55AA, 0x55AB, 0x55AC, 0x55AD, 0x55AE, 0x55AF, 0x9C, 0x6DE7, 0x6DF8, 0x23E383,
        0x234E7A, 0x23314F, 0x537F, 0x55EE, 0x41E4, 0x22B59C, 0x22B59D, 0x86, 0x63A2, 0x56AA, 0x56BB, 0x6FAB, 0xE0,
        0xE1, 0xE2, 0x6D80,
    ]
    static let cues: UInt32 = 0x1C53_BB6B
    static let cluster: UInt32 = 0x1F43_B675
    static let checksum: UInt32 = 0xBF
    static let void: UInt32 = 0xEC
    /// CRC-32, Timestamp, SilentTracks, Position, PrevSize, SimpleBlock, BlockGroup, EncryptedBlock, Void.
    static let inClusters: Set<UInt32> = [checksum, 0xE7, 0x5854, 0xA7, 0xAB, 0xA3, 0xA0, 0xAF, void]

    /// Dates, titles, names of files and unique numbers are not among them.
    enum Information: UInt32 {
        case timestampScale = 0x2AD7B1
        case duration = 0x4489
        case muxer = 0x4D80
        case writer = 0x5741
    }
}
