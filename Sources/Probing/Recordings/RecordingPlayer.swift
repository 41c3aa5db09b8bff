package import Reading

/// What opens recordings. Its libraries cost every process that is forked with them, so not every inspector has one.
package struct RecordingPlayer: Sendable {
    let tools: [String: String]
    let container: @Sendable (FileBytes) -> MediaContainer?

    /// - Parameters:
    ///   - tools: name and version of each library.
    ///   - container: reads a recording, or answers `nil` where it knows no such thing.
    package init(tools: [String: String], container: @escaping @Sendable (FileBytes) -> MediaContainer?) {
        self.tools = tools
        self.container = container
    }
}
