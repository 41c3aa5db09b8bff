/// A derivative that cannot be made.
package struct RenderingError: Error, Hashable {
    /// A short phrase for people, such as `the picture is damaged`; at most 512 bytes.
    package let reason: String

    package init(_ reason: String) { self.reason = reason }
}
