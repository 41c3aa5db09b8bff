internal import Artefacts

/// Where clocks show the time of Europe/London: Great Britain and all of
/// Ireland, whose clocks have been the same since 1972.
///
/// Three rectangles that hold these islands, the sea around them, and no part
/// of the continent. Other places need a map of time zones.
enum BritishIsles {
    private struct Rectangle {
        let latitude: ClosedRange<Double>
        let longitude: ClosedRange<Double>
    }

    private static let rectangles = [
        // Scilly to Start Point; Brittany ends at 48.9.
        Rectangle(latitude: 49.85...50.5, longitude: -6.6...(-3)),
        // The Lizard to Dungeness; Cape Gris-Nez is at 1.58.
        Rectangle(latitude: 50.5...51.1, longitude: -6.6...1.3),
        // All that is further north; De Panne is at 2.6, Norway beyond 4.
        Rectangle(latitude: 51.1...61, longitude: -10.8...1.9),
    ]

    static func contains(_ position: Position) -> Bool {
        rectangles.contains {
            $0.latitude.contains(position.latitude) && $0.longitude.contains(position.longitude)
        }
    }
}
