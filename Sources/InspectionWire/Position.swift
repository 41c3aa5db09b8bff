/// Where something was made, in degrees of WGS 84.
package struct Position: Hashable, Sendable, Codable {
    /// -90 to 90, north is positive.
    package let latitude: Double
    /// -180 to 180, east is positive.
    package let longitude: Double

    /// `nil` where there is no such place, or where both are 0, which is what
    /// devices write that have not found out.
    package init?(latitude: Double, longitude: Double) {
        guard (-90...90).contains(latitude), (-180...180).contains(longitude), latitude != 0 || longitude != 0 else {
            return nil
        }
        self.latitude = latitude
        self.longitude = longitude
    }
}
