internal import Reading

extension BoxStripping {
    /// Pictures and what they are put together from; Exif, XMP and unknown items go.
    private static let pictures: Set<String> = [
        "hvc1", "hev1", "lhv1", "av01", "avc1", "vvc1", "jpeg", "j2k1", "unci", "mski", "grid", "iovl", "iden", "tmap",
    ]
    private static let knownInMeta: Set<String> = ["hdlr", "pitm", "iinf", "iloc", "iref", "iprp", "idat", "grpl"]
    private static let knownProperties: Set<String> = [
        "ispe", "hvcC", "av1C", "avcC", "vvcC", "lhvC", "jpgC", "j2kH", "colr", "irot", "imir", "pixi", "auxC", "clap",
        "pasp", "clli", "mdcv", "cclv", "amve", "ndwt", "rloc", "lsel", "a1op", "a1lx", "tols", "oinf", "hvtC", "cmpd",
        "uncC", "cmpC", "icef", "iscl", "free",
    ]

    /// Takes the pictures of a HEIF; what describes a film goes.
    mutating func takeMeta(_ meta: Box) throws(StrippingError) {
        guard meta.body.count >= 4 else { throw .notUnderstood("a meta box") }
        let boxes = try? Box.all(file, in: meta.content + 4..<meta.end)
        let parts = Dictionary((boxes ?? []).map { ($0.type, $0) }) { first, _ in first }
        guard let boxes, let handler = parts["hdlr"],
            file.read(at: handler.content + 8, count: 4) == Array("pict".utf8),
            let information = parts["iinf"], let locations = parts["iloc"]
        else {
            edits.free(meta)
            return
        }
        for box in boxes {
            switch box.type {
            case "iprp": try stripProperties(box)
            case "idat": addData(box.body)
            case "hdlr" where box.body.count > 24: edits.replace(box.content + 24..<box.end)
            case _ where Self.knownInMeta.contains(box.type):
                guard boxes.filter({ $0.type == box.type }).count == 1 else { throw .notUnderstood("a list twice") }
            default: edits.free(box)
            }
        }
        try takeItems(try ItemTypes(file, information), try ItemPlaces(file, locations, data: parts["idat"]))
    }

    private mutating func takeItems(_ types: ItemTypes, _ places: ItemPlaces) throws(StrippingError) {
        for (item, extents) in places.extents {
            let type = types.types[item] ?? ""
            for range in extents where range.upperBound > file.size { throw .notUnderstood("an item behind the end") }
            if Self.pictures.contains(type) {
                try keep(extents)
                continue
            }
            gone += extents
            // Readers find EXIF that says nothing, and not a broken one.
            let nothing = [0, 0, 0, 0] + ExifOrientation.nothing
            if type == "Exif", extents.count == 1, let place = extents.first, place.count >= nothing.count {
                edits.replace(place.lowerBound..<place.lowerBound + Int64(nothing.count), with: nothing)
                edits.replace(place.lowerBound + Int64(nothing.count)..<place.upperBound)
                replaced.append(place)
            }
        }
    }

    private mutating func stripProperties(_ box: Box) throws(StrippingError) {
        for part in try Box.all(file, in: box.body) {
            switch part.type {
            case "ipco":
                for property in try Box.all(file, in: part.body) where !Self.knownProperties.contains(property.type) {
                    edits.free(property)
                }
            case "ipma": break
            default: edits.free(part)
            }
        }
    }
}

/// The type of each item.
///
/// Source: ISO/IEC 14496-12, section 8.11.6.
private struct ItemTypes {
    private(set) var types: [UInt32: String] = [:]

    private static let maximumItems = 100_000

    init(_ file: FileBytes, _ box: Box) throws(StrippingError) {
        let isLong = try file.exactly(at: box.content, count: 1)[0] != 0
        guard box.body.count >= 8 else { throw .notUnderstood("a list of items") }
        for entry in try Box.all(file, in: box.content + (isLong ? 8 : 6)..<box.end, atMost: Self.maximumItems) {
            let head = file.read(at: entry.content, count: 14)
            switch head.first {
            case 2: types[UInt32(try head.number(4, as: UInt16.self))] = head.fourCharacters(8)
            case 3: types[try head.number(4)] = head.fourCharacters(10)
            default: throw .notUnderstood("an item without a type")
            }
        }
    }
}

/// Where the data of each item stands in the file.
///
/// Source: ISO/IEC 14496-12, section 8.11.3.
private struct ItemPlaces {
    private(set) var extents: [(item: UInt32, ranges: [Range<Int64>])] = []

    private static let maximumSize = 16 << 20

    init(_ file: FileBytes, _ box: Box, data: Box?) throws(StrippingError) {
        guard (8...Self.maximumSize).contains(box.body.count) else { throw .notUnderstood("a list of places") }
        var fields = Fields(try file.exactly(at: box.content, count: box.body.count))
        let version = try fields.next(4) >> 24
        let widths = try fields.next(2)
        guard version <= 2 else { throw .notUnderstood("a list of places") }
        let indexWidth = version == 0 ? 0 : Int(widths & 15)
        for _ in 0..<(try fields.next(version == 2 ? 4 : 2)) {
            let item = UInt32(try fields.next(version == 2 ? 4 : 2))
            let method = version == 0 ? 0 : try fields.next(2) & 15
            let reference = try fields.next(2)
            let base = try fields.next(Int(widths >> 4 & 15))
            var ranges: [Range<Int64>] = []
            for _ in 0..<(try fields.next(2)) {
                _ = try fields.next(indexWidth)
                let offset = base &+ (try fields.next(Int(widths >> 12)))
                let length = try fields.next(Int(widths >> 8 & 15))
                guard reference == 0, let start = Self.start(method, data), (0...file.size).contains(offset),
                    (1...file.size).contains(length), method == 0 || start + offset + length <= data?.end ?? 0
                else { throw .notUnderstood("an item at an unknown place") }
                ranges.append(start + offset..<start + offset + length)
            }
            extents.append((item, ranges))
        }
        guard fields.isAtEnd else { throw .notUnderstood("a list of places") }
    }

    /// Where offsets are counted from: the file's beginning, or that of `idat`.
    private static func start(_ method: Int64, _ data: Box?) -> Int64? {
        switch method {
        case 0: 0
        case 1: data?.content
        default: nil
        }
    }

    private struct Fields {
        private let bytes: [UInt8]
        private var index = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { index == bytes.count }

        mutating func next(_ width: Int) throws(StrippingError) -> Int64 {
            guard [0, 2, 4, 8].contains(width), index + width <= bytes.count else {
                throw .notUnderstood("a list of places")
            }
            defer { index += width }
            return bytes[index..<index + width].reduce(0) { $0 << 8 | Int64($1) }
        }
    }
}
