package import FoundationEssentials

/// What the sender's device says of a file's time, beside its bytes; evidence, never trusted.
package struct DeclaredTimes: Hashable, Sendable, Codable {
    /// When the file was last changed there.
    package let lastModified: Date?
    /// The device's zone, by its name in the IANA time zone database, such as `Europe/London`.
    package let timeZone: String?

    /// `nil` where nothing is said.
    package init?(lastModified: Date?, timeZone: String?) {
        guard lastModified != nil || timeZone != nil else { return nil }
        self.lastModified = lastModified
        self.timeZone = timeZone
    }
}
