internal import Reading

/// Leaves of a TIFF or a DNG what a decoder needs, at the places where it was.
///
/// What no tag that stays speaks of becomes zeros, so that nothing is kept of
/// EXIF, positions, notes of the maker, previews' metadata or former versions.
///
/// Source: TIFF 6.0; DNG 1.7.1, chapter 3.
struct TIFFStripping {
    private let file: FileBytes
    private let tiff: TIFFBytes
    private var edits = InPlaceEdits()
    /// Values of tags that stay, and the picture.
    private var kept: [Range<Int64>] = []
    /// Values of tags that go, and directories.
    private var gone: [Range<Int64>] = []
    private var directories: [Range<Int64>] = []
    private var waiting: [Int64] = []
    private var seen: Set<Int64> = []
    private var hasPicture = false

    private static let maximumDirectories = 10_000
    private static let maximumRanges = 2_000_000

    init(_ file: FileBytes) throws(StrippingError) {
        self.file = file
        tiff = try TIFFBytes(size: file.size) { file.read(at: $0, count: $1) }
    }

    consuming func plan() throws(StrippingError) -> CopyPlan {
        let header = try tiff.bytes(at: 0..<8)
        edits.replace(0..<8, with: header)
        waiting = [Int64(try tiff.number(header, 4, as: UInt32.self))]
        while let position = waiting.popLast() {
            guard seen.insert(position).inserted, seen.count <= Self.maximumDirectories else {
                throw .notUnderstood("directories in a circle")
            }
            try take(try tiff.directory(at: position))
        }
        let staying = ByteRanges(kept)
        guard hasPicture, !staying.overlaps(ByteRanges(gone + [0..<8])) else {
            throw .notUnderstood("tags that share their values")
        }
        for gap in ByteRanges(kept + directories + [0..<8]).gaps(in: 0..<file.size) { edits.replace(gap) }
        return try edits.plan(size: file.size)
    }

    private mutating func take(_ directory: TIFFDirectory) throws(StrippingError) {
        guard kept.count + gone.count < Self.maximumRanges else { throw .notUnderstood("too many tags") }
        let staying = directory.entries.filter { TIFFTags.kept.contains($0.tag) }
        for entry in directory.entries where !TIFFTags.kept.contains(entry.tag) { try leaveOut(entry) }
        for entry in staying where !entry.isInline {
            guard entry.value.upperBound <= file.size else { throw .notUnderstood("a value behind the end") }
            kept.append(entry.value)
        }
        try keepPicture(staying)
        for entry in staying where entry.tag == TIFFTags.subDirectories { waiting += try tiff.numbers(entry) }
        if directory.next != 0 { waiting.append(directory.next) }
        directories.append(directory.range)
        gone.append(directory.range)
        edits.replace(
            directory.range,
            with: tiff.encoded(UInt16(staying.count)) + staying.flatMap(\.field)
                + tiff.encoded(UInt32(truncatingIfNeeded: directory.next)))
    }

    private mutating func keepPicture(_ entries: [TIFFDirectory.Entry]) throws(StrippingError) {
        for (offsets, counts) in TIFFTags.picture {
            guard let offsets = entries.first(where: { $0.tag == offsets }) else { continue }
            guard let counts = entries.first(where: { $0.tag == counts }), counts.count == offsets.count else {
                throw .notUnderstood("strips without their sizes")
            }
            for (offset, count) in zip(try tiff.numbers(offsets), try tiff.numbers(counts)) {
                guard offset + count <= file.size else { throw .notUnderstood("a strip behind the end") }
                kept.append(offset..<offset + count)
            }
            hasPicture = true
        }
    }

    /// What goes is followed too: nothing that stays may share its place.
    private mutating func leaveOut(_ entry: TIFFDirectory.Entry) throws(StrippingError) {
        if !entry.isInline { gone.append(entry.value) }
        guard TIFFTags.directories.contains(entry.tag) else { return }
        guard entry.count == 1, let position = try tiff.numbers(entry).first else {
            throw .notUnderstood("a directory at several places")
        }
        let directory = try tiff.directory(at: position)
        gone.append(directory.range)
        for value in directory.entries where !value.isInline {
            guard value.value.upperBound <= file.size else { throw .notUnderstood("a value behind the end") }
            gone.append(value.value)
        }
    }
}

/// The tags that matter here, by number.
private enum TIFFTags {
    static let subDirectories: UInt16 = 330
    /// EXIF, positions, interoperability.
    static let directories: Set<UInt16> = [34665, 34853, 40965]
    /// Where parts of the picture stand, and their sizes.
    static let picture: [(offsets: UInt16, counts: UInt16)] = [(273, 279), (324, 325), (513, 514)]

    /// How the picture is coded, and its colours.
    static let kept: Set<UInt16> = [
        254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284, 286,
        287, 290, 291, 292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 326, 327, 328, 330, 332,
        334, 336, 338, 339, 340, 341, 342, 347, 512, 513, 514, 515, 529, 530, 531, 532, 559, 34675,
        // Colour filters and DNG, without serial numbers, names of cameras and files, digests, private data.
        33421, 33422, 50706, 50707, 50710, 50711, 50712, 50713, 50714, 50715, 50716, 50717, 50718, 50719, 50720, 50721,
        50722, 50723, 50724, 50725, 50726, 50727, 50728, 50729, 50730, 50731, 50732, 50733, 50734, 50737, 50738, 50739,
        50778, 50779, 50780, 50829, 50830, 50831, 50832, 50833, 50834, 50879, 50937, 50938, 50939, 50940, 50941, 50964,
        50965, 50970, 50974, 50975, 50981, 50982, 51008, 51009, 51022, 51041, 51107, 51108, 51109, 51110, 51125, 52525,
        52529, 52530, 52531, 52532, 52533, 52534, 52536, 52537, 52538,
    ]
}
