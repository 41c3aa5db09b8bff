internal import Artefacts
internal import FoundationEssentials
internal import InspectionWire
internal import Reading

/// What an MP4 and its kin say of when they were made, read from the boxes themselves.
///
/// libavformat shows one `creation_time`, whichever of several it met last.
///
/// Source: ISO/IEC 14496-12, 8.2.2, 8.3.2 and 8.4.2; QuickTime File Format, metadata; ExifTool's tables.
struct MovieBoxes {
    private let file: FileBytes
    /// Metadata by keys such as `com.apple.quicktime.creationdate`.
    private(set) var keys: [String: String] = [:]
    /// Of the movie, then those of its tracks that differ.
    private(set) var created: [Date] = []
    /// A date that the maker of the device wrote in a way of its own.
    private(set) var makerDate: String?
    /// Who is known to write local time, where such boxes are there.
    private(set) var maker: String?
    /// The block that begins with `Exif\0\0` of a preview.
    private(set) var exif: [UInt8]?
    private(set) var xmp: [UInt8]?
    /// Whether a track tells where the device was as it went.
    private(set) var hasPositions = false

    private static let maximumDescription = 64 << 10
    private static let maximumTracks = 64
    private static let maximumKeys = 200
    private static let maximumBlock = 256 << 10

    /// - Parameter boxes: the first ones of the file.
    init(_ file: FileBytes, _ boxes: [Box]) {
        self.file = file
        for box in boxes {
            switch box.type {
            case "moov": readMovie(box)
            case "meta": readSony(box)
            case "uuid" where file.read(at: box.content, count: 16) == Self.xmpIdentifier:
                xmp = file.read(at: box.content + 16, count: max(0, box.size(upTo: Self.maximumBlock) - 16))
            default: break
            }
        }
    }

    private mutating func readMovie(_ movie: Box) {
        var times: [Date] = []
        var tracks = 0
        for box in Box.children(of: file, in: movie) {
            switch box.type {
            case "mvhd": times.insert(contentsOf: creation(box), at: 0)
            case "trak" where tracks < Self.maximumTracks:
                tracks += 1
                times += trackTimes(box)
                hasPositions = hasPositions || tellsPositions(box)
            case "meta": readKeys(box)
            case "udta": readUserData(box)
            default: break
            }
        }
        for time in times where !created.contains(time) && created.count < 4 { created.append(time) }
    }

    private func trackTimes(_ track: Box) -> [Date] {
        let boxes = Box.children(of: file, in: track)
        let media = Box.children(of: file, in: boxes.first { $0.type == "mdia" })
        return [boxes.first { $0.type == "tkhd" }, media.first { $0.type == "mdhd" }].compactMap(\.self)
            .flatMap(creation)
    }

    private func tellsPositions(_ track: Box) -> Bool {
        var box: Box? = track
        for type in ["mdia", "minf", "stbl", "stsd"] {
            box = Box.children(of: file, in: box).first { $0.type == type }
        }
        guard let box else { return false }
        let description = file.read(at: box.content, count: box.size(upTo: Self.maximumDescription))
        guard let format = description.fourCharacters(12) else { return false }
        return MeasuringTracks.ofPositions.contains(format)
            || MeasuringTracks.described.contains(format)
                && description.containsAny(ofCaseless: ["location", "gps"])
    }

    /// The creation time of a header; some devices count from 1970 instead of 1904.
    private func creation(_ header: Box) -> [Date] {
        let bytes = file.read(at: header.content, count: 12)
        let seconds =
            bytes.first == 1
            ? bytes.bigEndian(4, as: UInt64.self).map(Double.init)
            : bytes.bigEndian(4, as: UInt32.self).map(Double.init)
        guard let seconds, seconds < 3e11 else { return [] }
        let since1970 = seconds > 0 && seconds < Self.from1904To1970 ? seconds : seconds - Self.from1904To1970
        return [Date(timeIntervalSince1970: since1970)]
    }

    private static let from1904To1970 = 2_082_844_800.0

    /// `keys` has names, and `ilst` a value for each by its number.
    private mutating func readKeys(_ meta: Box) {
        // In QuickTime files the box has no version, in ISO files it has.
        let isFull = file.read(at: meta.content + 4, count: 4).fourCharacters(0) != "hdlr"
        let start = meta.content + (isFull ? 4 : 0)
        let boxes = Box.children(of: file, in: start..<max(start, meta.end))
        guard let list = boxes.first(where: { $0.type == "keys" }) else { return }
        let names = Box.children(of: file, in: list.content + 8..<max(list.content + 8, list.end))
            .prefix(Self.maximumKeys)
            .map { String(decoding: file.read(at: $0.content, count: $0.size(upTo: 128)), as: UTF8.self) }
        for item in Box.children(of: file, in: boxes.first { $0.type == "ilst" }).prefix(Self.maximumKeys) {
            guard let number: UInt32 = file.read(at: item.content - 4, count: 4).bigEndian(0),
                names.indices.contains(Int(number) - 1),
                let data = Box.children(of: file, in: item).first(where: { $0.type == "data" }),
                file.read(at: data.content, count: 4) == [0, 0, 0, 1]
            else { continue }
            keys[names[Int(number) - 1].lowercased()] = String(
                decoding: file.read(at: data.content + 8, count: min(256, max(0, data.size(upTo: 264) - 8))),
                as: UTF8.self)
        }
    }

    private mutating func readUserData(_ userData: Box) {
        for box in Box.children(of: file, in: userData) {
            // "©day" is a byte and three characters; a length and a language stand before its text.
            if file.read(at: box.content - 4, count: 4) == [0xA9] + Array("day".utf8) {
                makerDate = makerDate ?? text(box, from: 4)
            }
            switch box.type {
            // A full date by Panasonic and others, as a plain text.
            case "date": makerDate = makerDate ?? text(box, from: 0)
            case "GoPr", "FIRM", "CAME": maker = "GoPro"
            case "NCDT": maker = "Nikon"
            case "XMP_": xmp = file.read(at: box.content, count: box.size(upTo: Self.maximumBlock))
            // Canon's preview, a JPEG with EXIF.
            case "CNTH":
                let bytes = file.read(at: box.content, count: box.size(upTo: 64 << 10))
                exif = bytes.firstIndex(of: "Exif\0\0").map { Array(bytes[$0...]) }
            case "meta": readKeys(box)
            default: break
            }
        }
    }

    private func text(_ box: Box, from offset: Int) -> String? {
        let bytes = file.read(at: box.content + Int64(offset), count: max(0, box.size(upTo: 68) - offset))
        return bytes.isEmpty ? nil : String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Sony writes a document of its own: `<CreationDate value="2026-05-01T12:00:00+01:00"/>`.
    private mutating func readSony(_ meta: Box) {
        let boxes = Box.children(of: file, in: meta.content + 4..<max(meta.content + 4, meta.end))
        guard let box = boxes.first(where: { $0.type == "xml " }) else { return }
        let bytes = file.read(at: box.content + 4, count: box.size(upTo: Self.maximumBlock))
        guard let place = bytes.firstIndex(of: "<CreationDate value=\"") else { return }
        makerDate = String(decoding: bytes.dropFirst(place + 21).prefix(40).prefix { $0 != 0x22 }, as: UTF8.self)
    }

    /// Source: XMP part 3, 1.2.7.1.
    private static let xmpIdentifier: [UInt8] = [
        0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8, 0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC,
    ]
}

extension MovieBoxes {
    /// The dates, in the order in which they are to be believed.
    var dates: [DateEvidence] {
        [
            keys["com.apple.quicktime.creationdate"].flatMap { DateText.evidence($0, .quickTimeKeys, .started) },
            makerDate.flatMap { DateText.evidence($0, .makerOriginal, .started) },
        ].compactMap(\.self) + created.map { DateText.evidence($0, .containerCreation) }
    }
}
