/// Where something was made, in degrees of WGS 84.
///
/// It can tell where a child lives: it is kept sealed and apart from
/// everything else, and is in no index, log or error.
package struct Position: Hashable, Sendable, Codable {
    /// What in a file says so.
    package enum Source: String, Sendable, Codable {
        case exif, xmp
        /// The tags of a film or a sound recording.
        case recording
        /// A note that a service wrote beside the file.
        case sidecar
    }

    /// -90 to 90, north is positive.
    package let latitude: Double
    /// -180 to 180, east is positive.
    package let longitude: Double
    /// Metres above the sea; `nil` where the file does not say, or says nonsense.
    package let altitude: Double?
    package let source: Source

    private static let believedAltitudes = -12_000.0...100_000

    /// `nil` where there is no such place, or where both are 0, which is what
    /// devices write that have not found out.
    package init?(latitude: Double, longitude: Double, altitude: Double? = nil, source: Source) {
        guard (-90...90).contains(latitude), (-180...180).contains(longitude), latitude != 0 || longitude != 0 else {
            return nil
        }
        self.latitude = latitude
        self.longitude = longitude
        self.altitude = altitude.flatMap { Self.believedAltitudes.contains($0) ? $0 : nil }
        self.source = source
    }

    /// - Throws: `DecodingError` also where there is no such place.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let position = Self(
            latitude: try container.decode(Double.self, forKey: .latitude),
            longitude: try container.decode(Double.self, forKey: .longitude),
            altitude: try container.decodeIfPresent(Double.self, forKey: .altitude),
            source: try container.decode(Source.self, forKey: .source))
        guard let position else {
            throw DecodingError.dataCorruptedError(
                forKey: .latitude, in: container, debugDescription: "there is no such place")
        }
        self = position
    }
}
