/// Offsets from UTC that some place has.
///
/// Source: the IANA time zone database, offsets in use since 1970.
enum RealOffset {
    /// Seconds east of UTC.
    static let all: [Int] = {
        let hours = (-12...14).map { $0 * 60 }
        let others = [-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825]
        return (hours + others).map { $0 * 60 }
    }()

    /// The offset that is nearest to so many seconds, if it is near enough.
    static func nearest(to seconds: Double, within tolerance: Double) -> Int? {
        all.min { abs(Double($0) - seconds) < abs(Double($1) - seconds) }
            .flatMap { abs(Double($0) - seconds) <= tolerance ? $0 : nil }
    }
}
