internal import Artefacts
internal import InspectionWire
internal import Reading

/// The boxes of an MP4, a MOV, a 3GP or a HEIC, as far as they matter here.
///
/// Source: ISO/IEC 14496-12, sections 4.2 and 4.3; for images ISO/IEC 23008-12;
/// QuickTime File Format for files without a type.
struct MediaBoxes {
    /// Those that stand in no other.
    private(set) var boxes: [Box] = []
    /// The major brand and then the compatible ones.
    private(set) var brands: [String] = []
    private(set) var hasMovie = false
    /// What the box `meta` says.
    private(set) var items: PictureItems?
    private(set) var hasMediaData = false
    private(set) var hasFragments = false
    /// A film inside the file of a picture.
    private(set) var hasFilm = false
    /// What is missing, if something is.
    private(set) var damage: String?
    /// Behind the last box that is one.
    private(set) var end: Int64 = 0
    private(set) var hasTooMany = false

    private static let first: Set<String> = ["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"]
    private static let maximumBoxes = 10_000

    init?(_ file: FileBytes, from start: Int64 = 0) {
        guard let first = file.read(at: start + 4, count: 4).fourCharacters(0), Self.first.contains(first) else {
            return nil
        }
        var position = start
        var count = 0
        while position < file.size {
            guard let box = Box(file, position), box.isNamed else {
                if file.size - position < 8 { damage = "a box is cut" }
                break
            }
            take(box, file)
            boxes.append(box)
            position = box.end
            count += 1
            if count == Self.maximumBoxes {
                hasTooMany = position < file.size
                break
            }
        }
        if position > file.size { damage = "a box is longer than the file" }
        end = min(position, file.size)
        // Four letters at the right place make no film.
        if count < 2, !hasMovie, !hasMediaData, brands.isEmpty { return nil }
    }

    private mutating func take(_ box: Box, _ file: FileBytes) {
        switch box.type {
        case "ftyp" where brands.isEmpty:
            let bytes = file.read(at: box.content, count: Int(min(box.end - box.content, 256)))
            let offsets = [0] + Array(stride(from: 8, to: bytes.count, by: 4))
            brands = offsets.compactMap { bytes.fourCharacters($0) }
        case "moov": hasMovie = true
        case "moof": hasFragments = true
        case "mdat": hasMediaData = true
        case "mpvd": hasFilm = true
        case "meta" where items == nil:
            items = PictureItems(file, box)
            if damage == nil { damage = items?.damage }
        default: break
        }
    }

    /// Whether the brands are those of pictures, by the major one where they disagree.
    private var picture: MediaType? {
        let all = Set(brands)
        guard let major = brands.first, items != nil || !hasMovie else { return nil }
        switch major {
        case "avif", "avis": return "image/avif"
        case "hevc", "hevx", "hevm", "hevs": return "image/heic-sequence"
        case "heic", "heix", "heim", "heis": return "image/heic"
        case "msf1": return all.isDisjoint(with: ["hevc", "hevx"]) ? "image/heif-sequence" : "image/heic-sequence"
        case "crx ": return "image/x-canon-cr3"
        case "jp2 ", "jpx ", "jxl ": return nil
        default: break
        }
        guard !hasMovie || major == "mif1" || major == "miaf" else { return nil }
        if !all.isDisjoint(with: ["avif", "avis"]) { return "image/avif" }
        if !all.isDisjoint(with: ["heic", "heix", "heim", "heis"]) { return "image/heic" }
        return all.isDisjoint(with: ["mif1", "msf1"]) ? nil : "image/heif"
    }

    /// The film's type, and that of sound alone.
    private var recording: (video: MediaType, audio: MediaType, puid: PUID) {
        guard let major = brands.first else { return ("video/quicktime", "audio/mp4", "x-fmt/384") }
        if major == "qt  " { return ("video/quicktime", "audio/mp4", "x-fmt/384") }
        if major.hasPrefix("3g2") { return ("video/3gpp2", "audio/3gpp2", "fmt/357") }
        if major.hasPrefix("3g") { return ("video/3gpp", "audio/3gpp", "fmt/357") }
        return ("video/mp4", "audio/mp4", "fmt/199")
    }

    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard let boxes = MediaBoxes(file) else { return nil }
        var finding: FormatFinding
        if let picture = boxes.picture {
            finding = FormatFinding(picture, puid: puids[picture])
            finding.wholeness = .whole(boxes.items != nil && boxes.damage == nil, or: boxes.damage ?? "no meta box")
            if picture.subtype.hasSuffix("sequence") || boxes.brands.first == "avis" {
                finding.features.insert(.animated)
            }
        } else {
            let recording = boxes.recording
            finding = FormatFinding(recording.video, sound: recording.audio, puid: recording.puid)
            finding.wholeness = .whole(boxes.hasMovie && boxes.damage == nil, or: boxes.damage ?? "no moov box")
        }
        (finding.width, finding.height, finding.end) = (boxes.items?.width, boxes.items?.height, boxes.end)
        (finding.exif, finding.xmp, finding.boxes) = (boxes.items?.exif, boxes.items?.xmp, boxes.boxes)
        if boxes.hasFilm { finding.features.insert(.motion) }
        if boxes.hasTooMany { (finding.wholeness, finding.end) = (.unknown, nil) }
        if boxes.hasTooMany, !boxes.hasFragments { finding.features.insert(.tooManyParts) }
        return finding
    }

    private static let puids: [MediaType: PUID] = [
        "image/avif": "fmt/2062", "image/heic": "fmt/1101", "image/heif": "fmt/1101", "image/heic-sequence": "fmt/1101",
        "image/heif-sequence": "fmt/1101",
    ]
}
