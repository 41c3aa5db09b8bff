internal import Reading

/// The EXIF and the XMP of a HEIC or AVIF, which are items of its `meta` box.
///
/// Source: ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12, annex A.
struct HEIFMetadata {
    private(set) var exif: [UInt8]?
    private(set) var xmp: [UInt8]?

    private static let maximumMetaSize = 4 << 20
    private static let maximumItems = 4096
    private static let maximumItemSize = 1 << 20

    /// - Parameter meta: the box among the first ones of the file.
    init(_ file: FileBytes, _ meta: Box) {
        let boxes = Box.children(of: file, in: meta.content + 4..<max(meta.content + 4, meta.end))
        guard let names = boxes.first(where: { $0.type == "iinf" }),
            let places = boxes.first(where: { $0.type == "iloc" })
        else { return }
        let items = Self.items(file, names)
        var locations = Locations(file.read(at: places.content, count: places.size(upTo: Self.maximumMetaSize)))
        let inside = boxes.first { $0.type == "idat" }?.content
        for _ in 0..<Self.maximumItems {
            guard let place = locations.next() else { return }
            guard let type = items[place.item], let base = place.isInside ? inside : 0 else { continue }
            let bytes = file.read(at: base + place.offset, count: min(place.size, Self.maximumItemSize))
            // The block begins behind a number that says where in it its header is.
            if type == "Exif", let skipped: UInt32 = bytes.bigEndian(0), Int(skipped) + 4 < bytes.count {
                exif = Array(bytes[(4 + Int(skipped))...])
            } else if type == "mime", bytes.holds("<x:xmpmeta") || bytes.holds("<rdf:RDF") {
                xmp = bytes
            }
        }
    }

    /// The types of the items by their numbers.
    private static func items(_ file: FileBytes, _ box: Box) -> [Int: String] {
        let version = file.read(at: box.content, count: 1).first ?? 0
        let start = box.content + (version == 0 ? 6 : 8)
        var items: [Int: String] = [:]
        for entry in Box.children(of: file, in: start..<max(start, box.end)).prefix(maximumItems) {
            let bytes = file.read(at: entry.content, count: 16)
            let isWide = bytes.first == 3
            guard bytes.first == 2 || isWide, let type = bytes.fourCharacters(isWide ? 10 : 8),
                let item = isWide
                    ? bytes.bigEndian(4, as: UInt32.self).map(Int.init)
                    : bytes.bigEndian(4, as: UInt16.self).map(Int.init)
            else { continue }
            items[item] = type
        }
        return items
    }

    /// Reads `iloc`; of each item the first extent, for nobody cuts EXIF into pieces.
    private struct Locations {
        private let bytes: [UInt8]
        private let version: UInt8
        private let sizes: (offset: Int, length: Int, base: Int, index: Int)
        private var position = 6
        private var remaining: Int

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            version = bytes.first ?? 0
            let (high, low) = bytes.count > 5 ? (Int(bytes[4]), Int(bytes[5])) : (0, 0)
            sizes = (high >> 4, high & 15, low >> 4, version > 0 ? low & 15 : 0)
            remaining = 0
            remaining = number(version < 2 ? 2 : 4)
        }

        mutating func next() -> (item: Int, offset: Int64, size: Int, isInside: Bool)? {
            guard remaining > 0, position < bytes.count else { return nil }
            remaining -= 1
            let item = number(version < 2 ? 2 : 4)
            let method = version > 0 ? number(2) & 15 : 0
            _ = number(2)
            let base = number(sizes.base)
            let count = number(2)
            var first: (offset: Int, size: Int) = (0, 0)
            for extent in 0..<count where position < bytes.count {
                _ = number(sizes.index)
                let place = (offset: number(sizes.offset), size: number(sizes.length))
                if extent == 0 { first = place }
            }
            guard base <= .max / 4, first.offset <= .max / 4 else { return (item, 0, 0, false) }
            return (item, Int64(base + first.offset), first.size, method == 1)
        }

        /// A number of 0, 2, 4 or 8 bytes; what is too large, or beyond the end, is taken for 0.
        private mutating func number(_ size: Int) -> Int {
            defer { position += size }
            guard size > 0, position + size <= bytes.count else { return 0 }
            let value = bytes[position..<position + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Int(exactly: value) ?? 0
        }
    }
}
