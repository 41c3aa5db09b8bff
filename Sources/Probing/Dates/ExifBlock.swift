internal import Artefacts
internal import Reading

/// What EXIF says of a picture: who made it, when and where.
///
/// Source: EXIF 2.32 (CIPA DC-008); for TIFF and DNG the same tags.
struct ExifBlock {
    /// One date with what belongs to it and to no other.
    struct Instant {
        /// `YYYY:MM:DD HH:MM:SS`, local time.
        let text: String
        /// Digits after the decimal point of the seconds.
        let subseconds: String?
        /// As `+01:00`.
        let offset: String?

        /// The date with all that belongs to it.
        var written: String { text + (subseconds.map { "." + $0 } ?? "") + (offset ?? "") }
    }

    let make: String?
    let model: String?
    let software: String?
    /// 1 to 8.
    let orientation: Int?
    let original: Instant?
    let digitised: Instant?
    let modified: Instant?
    /// Of the satellites, as `YYYY:MM:DD HH:MM:SSZ`.
    let positionTime: String?
    let hasPosition: Bool
    let position: Position?
    /// A packet of XMP that stands among the tags of a TIFF.
    let xmp: [UInt8]?
    /// Whether a scanner made it, so that its dates are those of a copy.
    let isScan: Bool

    /// Reads a block that begins with `Exif\0\0`, or at once with its header;
    /// `nil` where it holds nothing.
    init?(_ block: [UInt8]) {
        let start = block.has("Exif\0\0") ? 6 : 0
        self.init { offset, count in
            let from = min(Int64(start) + max(0, offset), Int64(block.count))
            return Array(block[Int(from)...].prefix(max(0, count)))
        }
    }

    /// Reads a file that is a TIFF; `nil` where it is none.
    init?(tiff file: FileBytes) { self.init { file.read(at: $0, count: $1) } }

    private init?(_ source: @escaping TIFFDirectory.Source) {
        guard let main = TIFFDirectory(header: source), !main.isEmpty else { return nil }
        let exif = main.directory(0x8769)
        let place = main.directory(0x8825)
        make = main.text(0x010F)
        model = main.text(0x0110)
        software = main.text(0x0131)
        orientation = main.numbers(0x0112).first.flatMap { (1...8).contains($0) ? $0 : nil }
        // OffsetTime belongs to the date of modification and to no other. TimeZoneOffset, of older
        // cameras, has the hours for the date of the original, then those for the modification.
        let hours = (exif?.numbers(0x882A) ?? main.numbers(0x882A)).map(Self.offset(hours:))
        original = Self.instant(exif ?? main, 0x9003, 0x9291, 0x9011, orElse: hours.first ?? nil)
        digitised = Self.instant(exif ?? main, 0x9004, 0x9292, 0x9012, orElse: hours.first ?? nil)
        let changed = main.text(0x0132)
        modified = changed.map {
            Instant(
                text: $0, subseconds: exif?.text(0x9290),
                offset: exif?.text(0x9010) ?? hours.dropFirst().first.flatMap(\.self))
        }
        positionTime = place.flatMap(Self.time)
        position = place.flatMap(Position.init)
        hasPosition = place.map { !$0.rationals(0x0002).isEmpty } ?? false
        xmp = main.bytes(0x02BC)
        isScan =
            [1, 2].contains(exif?.bytes(0xA300)?.first)
            || [make, model, software].contains { $0?.lowercased().contains("scan") ?? false }
    }

    private static func instant(
        _ tags: TIFFDirectory, _ date: UInt16, _ subseconds: UInt16, _ offset: UInt16, orElse hours: String?
    ) -> Instant? {
        tags.text(date).map {
            Instant(
                text: $0, subseconds: tags.text(subseconds)?.filter(\.isASCIIDigit),
                offset: tags.text(offset).flatMap { DateText.offset($0) == nil ? nil : $0 } ?? hours)
        }
    }

    private static func offset(hours: Int) -> String? {
        guard (-12...14).contains(hours) else { return nil }
        return (hours < 0 ? "-" : "+") + (abs(hours) < 10 ? "0" : "") + "\(abs(hours)):00"
    }

    /// GPSDateStamp and GPSTimeStamp, both of UTC.
    private static func time(_ place: TIFFDirectory) -> String? {
        let time = place.rationals(0x0007)
        guard let day = place.text(0x001D), time.count == 3, time.allSatisfy({ (0..<61).contains($0) }) else {
            return nil
        }
        func two(_ number: Double) -> String { (number < 10 ? "0" : "") + String(Int(number)) }
        return "\(day) \(two(time[0])):\(two(time[1])):\(two(time[2]))Z"
    }
}

extension Position {
    fileprivate init?(_ place: TIFFDirectory) {
        guard let latitude = Self.degrees(place.rationals(0x0002)), let south = place.text(0x0001),
            let longitude = Self.degrees(place.rationals(0x0004)), let west = place.text(0x0003)
        else { return nil }
        let isBelowTheSea = place.bytes(0x0005)?.first == 1
        self.init(
            latitude: south == "S" ? -latitude : latitude, longitude: west == "W" ? -longitude : longitude,
            altitude: place.rationals(0x0006).first.map { isBelowTheSea ? -$0 : $0 }, source: .exif)
    }

    /// Degrees, minutes and seconds, of which the last may be missing.
    private static func degrees(_ parts: [Double]) -> Double? {
        parts.isEmpty ? nil : zip(parts, [1, 60, 3600]).reduce(0) { $0 + $1.0 / $1.1 }
    }
}
