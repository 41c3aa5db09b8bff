internal import Glibc
internal import Reading

/// Leaves of a JPEG what a decoder reads: its tables, its scans, its colours.
///
/// What stands behind the image goes too: the clip of a motion photo, a gain
/// map, further pictures (CIPA DC-007), the maker's trailer.
///
/// Source: ITU-T T.81, annex B; JFIF 1.02; ICC.1:2022, annex B.4.
struct JPEGStripping {
    private let file: FileBytes
    private var copy = CopyPlan()
    private var profile = ProfileParts()
    private var hasScan = false
    private var hasOrientation = false

    private static let maximumSegments = 4096

    init(_ file: FileBytes) { self.file = file }

    consuming func plan() throws(StrippingError) -> CopyPlan {
        guard file.read(at: 0, count: 2) == [0xFF, 0xD8] else { throw .notUnderstood("no start of image") }
        copy.keep(0..<2)
        var position: Int64 = 2
        for _ in 0..<Self.maximumSegments {
            let head = file.read(at: position, count: 4)
            guard head.count >= 2, head[0] == 0xFF else { throw .notUnderstood("no marker where one belongs") }
            if head[1] == 0xFF {
                position += 1
                continue
            }
            if head[1] == 0xD9 {
                guard hasScan, profile.isWhole else { throw .notUnderstood("an image without a scan") }
                copy.keep(position..<position + 2)
                return copy
            }
            let end = position + 2 + Int64(try head.number(2, as: UInt16.self))
            guard end >= position + 4 else { throw .notUnderstood("a segment without a length") }
            try take(head[1], position..<end, try file.exactly(at: position + 4, count: Int(end - position) - 4))
            position = head[1] == 0xDA ? try endOfScan(from: end) : end
            if head[1] == 0xDA { copy.keep(end..<position) }
        }
        throw .notUnderstood("too many segments")
    }

    private mutating func take(
        _ marker: UInt8, _ range: Range<Int64>, _ segment: [UInt8]
    ) throws(StrippingError) {
        switch marker {
        case 0xE0 where segment.has("JFIF\0") && segment.count >= 14:
            // Without its thumbnail.
            copy.add([0xFF, 0xE0, 0, 16] + segment[..<12] + [0, 0])
        case 0xE1 where segment.has("Exif\0\0") && !hasOrientation:
            let block = ExifOrientation.block(from: Array(segment[6...]))
            guard !block.isEmpty else { return }
            hasOrientation = true
            copy.add([0xFF, 0xE1, 0, UInt8(block.count + 8)] + Array("Exif\0\0".utf8) + block)
        case 0xE2 where segment.has("ICC_PROFILE\0"):
            try profile.take(segment)
            copy.keep(range)
        case 0xEE where segment.has("Adobe") && segment.count == 12: copy.keep(range)
        case 0xE0...0xEF, 0xFE: break
        default:
            guard JPEGSegment(marker, segment).isWellFormed else { throw .notUnderstood("a segment of a JPEG") }
            hasScan = hasScan || marker == 0xDA
            copy.keep(range)
        }
    }

    /// Where the next marker stands behind coded data.
    private func endOfScan(from start: Int64) throws(StrippingError) -> Int64 {
        var position = start
        while position < file.size {
            let bytes = file.read(at: position, count: 64 << 10)
            if let index = Self.marker(in: bytes) { return position + Int64(index) }
            guard bytes.count > 1 else { break }
            // The last byte is looked at again, together with the next.
            position += Int64(bytes.count - 1)
        }
        throw .notUnderstood("no end of image")
    }

    /// Neither a coded 0xFF nor a restart marker.
    private static func marker(in bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBytes { bytes in
            var index = 0
            while index < bytes.count - 1, let start = bytes.baseAddress,
                let found = memchr(start + index, 0xFF, bytes.count - 1 - index)
            {
                index = UnsafeRawPointer(found) - start
                let next = bytes[index + 1]
                if next != 0, next != 0xFF, !(0xD0...0xD7).contains(next) { return index }
                index += 1
            }
            return nil
        }
    }
}

/// The parts of a colour profile, which has no room for anything else.
private struct ProfileParts {
    private var declared: Int?
    private var found = 0

    /// Profiles are padded to four bytes at most.
    var isWhole: Bool { found == 0 || declared.map { $0 <= found && found < $0 + 4 } ?? false }

    mutating func take(_ segment: [UInt8]) throws(StrippingError) {
        guard !Self.hidesAnother(segment) else { throw .notUnderstood("a segment within another") }
        if declared == nil { declared = Int(try segment.number(14, as: UInt32.self)) }
        found += segment.count - 14
    }

    /// Whether a comment or an application's segment ends exactly where this
    /// one does, as where bytes were lost.
    private static func hidesAnother(_ segment: [UInt8]) -> Bool {
        segment.indices.dropLast(3).contains { index in
            segment[index] == 0xFF && (segment[index + 1] == 0xFE || segment[index + 1] & 0xF0 == 0xE0)
                && index + 2 + (Int(segment[index + 2]) << 8 | Int(segment[index + 3])) == segment.count
        }
    }
}

/// A segment that a decoder reads, whose length follows from its content.
private struct JPEGSegment {
    let marker: UInt8
    let segment: [UInt8]

    init(_ marker: UInt8, _ segment: [UInt8]) {
        self.marker = marker
        self.segment = segment
    }

    var isWellFormed: Bool {
        switch marker {
        case 0xC4: areHuffmanTables
        case 0xDB: areQuantisationTables
        case 0xDC, 0xDD: segment.count == 2
        case 0xCC: segment.count % 2 == 0
        case 0xC0...0xCF where marker != 0xC8: segment.count >= 9 && segment.count == 6 + 3 * Int(segment[5])
        case 0xDA: segment.count >= 6 && segment[0] <= 4 && segment.count == 4 + 2 * Int(segment[0])
        default: false
        }
    }

    private var areHuffmanTables: Bool {
        var index = 0
        while index + 17 <= segment.count {
            guard segment[index] & 0xEC == 0 else { return false }
            let codes = segment[index + 1...index + 16].reduce(0) { $0 + Int($1) }
            guard codes <= 256 else { return false }
            index += 17 + codes
        }
        return index == segment.count
    }

    private var areQuantisationTables: Bool {
        var index = 0
        while index < segment.count {
            guard segment[index] >> 4 <= 1, segment[index] & 15 <= 3 else { return false }
            index += segment[index] >> 4 == 0 ? 65 : 129
        }
        return index == segment.count
    }
}
