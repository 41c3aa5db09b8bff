internal import Artefacts
internal import FoundationEssentials

/// Where a photo was made, as Google writes it beside each that is taken out.
///
/// Where it is not known, its place is 0, 0.
///
/// Source: files of Google Takeout, as others' importers read them.
struct TakeoutNote {
    private struct Written: Decodable {
        let geoData: Place?
        let geoDataExif: Place?
    }
    private struct Place: Decodable {
        let latitude: Double?
        let longitude: Double?
        let altitude: Double?
    }

    let position: Position?
    /// Also where the note cannot be understood.
    let hasPosition: Bool

    init(_ bytes: [UInt8]) {
        guard let written = try? JSONDecoder().decode(Written.self, from: Data(bytes)) else {
            position = nil
            hasPosition = true
            return
        }
        // What the camera wrote comes before what somebody set on a map.
        let places = [written.geoDataExif, written.geoData].compactMap(\.self)
        position =
            places.lazy.compactMap { place in
                guard let latitude = place.latitude, let longitude = place.longitude else { return nil }
                return Position(
                    latitude: latitude, longitude: longitude, altitude: place.altitude == 0 ? nil : place.altitude,
                    source: .sidecar)
            }.first
        hasPosition = places.contains { [$0.latitude, $0.longitude].contains { ($0 ?? 0) != 0 } }
    }
}
