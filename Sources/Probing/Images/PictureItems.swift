internal import Reading

/// The `meta` box of a HEIC or AVIF: how large its pictures are, where their bytes lie, and its EXIF and XMP, which are
/// items too.
///
/// Source: ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12, 6.5.3 and annex A.
struct PictureItems {
    /// Of the largest picture.
    private(set) var width: Int?
    private(set) var height: Int?
    private(set) var damage: String?
    private(set) var exif: [UInt8]?
    private(set) var xmp: [UInt8]?

    private static let maximumBoxSize = 4 << 20
    private static let maximumItems = 65_536
    private static let maximumItemSize = 1 << 20

    /// - Parameter meta: the box among the first ones of the file.
    init(_ file: FileBytes, _ meta: Box) {
        // Version and flags stand before its boxes.
        let boxes = Box.children(of: file, in: meta.content + 4..<max(meta.content + 4, meta.end))
        measure(file, boxes.first { $0.type == "iprp" })
        guard let places = boxes.first(where: { $0.type == "iloc" }) else { return }
        let types = boxes.first { $0.type == "iinf" }.map { Self.types(file, $0) } ?? [:]
        let data = boxes.first { $0.type == "idat" }
        var locations = ItemLocations(file.read(at: places.content, count: places.size(upTo: Self.maximumBoxSize)))
        for _ in 0..<Self.maximumItems {
            guard let item = locations.next() else { return }
            if item.isInFile, item.end > file.size { damage = "picture data behind the end" }
            guard let type = types[item.number], type == "Exif" || type == "mime",
                let base = item.isInFile ? 0 : data?.content
            else { continue }
            // Nobody cuts EXIF into pieces.
            take(type, file.read(at: base + item.start, count: Int(min(item.size, Int64(Self.maximumItemSize)))))
        }
    }

    private mutating func take(_ type: String, _ bytes: [UInt8]) {
        // The block begins behind a number that says where in it its header is.
        if type == "Exif", let skipped: UInt32 = bytes.bigEndian(0), Int(skipped) + 4 < bytes.count {
            exif = Array(bytes[(4 + Int(skipped))...])
        } else if type == "mime", bytes.contains(text: "<x:xmpmeta") || bytes.contains(text: "<rdf:RDF") {
            xmp = bytes
        }
    }

    /// Takes the largest `ispe` property: the others are of tiles and thumbnails.
    private mutating func measure(_ file: FileBytes, _ properties: Box?) {
        let container = Box.children(of: file, in: properties).first { $0.type == "ipco" }
        for box in Box.children(of: file, in: container) where box.type == "ispe" {
            let bytes = file.read(at: box.content + 4, count: 8)
            guard let w: UInt32 = bytes.bigEndian(0), let h: UInt32 = bytes.bigEndian(4),
                UInt64(w) * UInt64(h) > UInt64(width ?? 0) * UInt64(height ?? 0)
            else { continue }
            (width, height) = (Int(w), Int(h))
        }
    }

    /// The types of the items by their numbers.
    private static func types(_ file: FileBytes, _ box: Box) -> [Int: String] {
        let version = file.read(at: box.content, count: 1).first ?? 0
        let start = box.content + (version == 0 ? 6 : 8)
        var items: [Int: String] = [:]
        for entry in Box.children(of: file, in: start..<max(start, box.end)) {
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
}
