internal import Artefacts
internal import InspectionWire

/// What XMP says of when and where.
///
/// Source: XMP part 1 (ISO 16684-1) and part 2.
struct XMPPacket {
    let dates: [DateEvidence]
    let hasPosition: Bool
    let position: Position?

    private static let exif = "http://ns.adobe.com/exif/1.0/"
    private static let photoshop = "http://ns.adobe.com/photoshop/1.0/"
    private static let xmp = "http://ns.adobe.com/xap/1.0/"

    init(_ packet: [UInt8]) {
        // Zeros and other things can stand around it.
        let trimmed = packet.drop { $0 != UInt8(ascii: "<") }
        let end = trimmed.lastIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? trimmed.endIndex
        let values = XMLValues(Array(trimmed[..<end]))
        dates = [
            values[Self.exif, "DateTimeOriginal"].flatMap { DateText.evidence($0, .xmpOriginal) },
            values[Self.photoshop, "DateCreated"].flatMap { DateText.evidence($0, .xmpOriginal) },
            values[Self.xmp, "CreateDate"].flatMap { DateText.evidence($0, .xmpCreation) },
        ].compactMap(\.self)
        let latitude = values[Self.exif, "GPSLatitude"]
        let longitude = values[Self.exif, "GPSLongitude"]
        let height = values[Self.exif, "GPSAltitude"].flatMap(Self.rational)
        let isBelowTheSea = values[Self.exif, "GPSAltitudeRef"] == "1"
        hasPosition = latitude != nil
        position = latitude.flatMap(Self.degrees).flatMap { latitude in
            longitude.flatMap(Self.degrees).flatMap { longitude in
                Position(
                    latitude: latitude, longitude: longitude, altitude: height.map { isBelowTheSea ? -$0 : $0 },
                    source: .xmp)
            }
        }
    }

    /// `51,30.5N` or `51,30,15N`.
    private static func degrees(_ text: String) -> Double? {
        guard let direction = text.last, "NSEW".contains(direction) else { return nil }
        let parts = text.dropLast().split(separator: ",").map { Double($0) }
        guard (2...3).contains(parts.count), !parts.contains(nil) else { return nil }
        let degrees = zip(parts.compactMap(\.self), [1, 60, 3600]).reduce(0) { $0 + $1.0 / $1.1 }
        return "SW".contains(direction) ? -degrees : degrees
    }

    /// `3050/100`.
    private static func rational(_ text: String) -> Double? {
        let parts = text.split(separator: "/").map { Double($0) }
        guard (1...2).contains(parts.count), let numerator = parts[0] else { return nil }
        guard parts.count == 2 else { return numerator }
        return parts[1].flatMap { $0 > 0 ? numerator / $0 : nil }
    }
}
