package import SystemPackage

/// Where a clamd is, and what is asked of it.
package struct ClamdSettings: Sendable {
    /// Its Unix socket; `nil`: no scanner is configured.
    package var socket: FilePath?
    /// Longest time for one file.
    package var timeLimit: Duration = .seconds(120)
    /// Most plain bytes in a file that is handed to clamd.
    package var maximumSize: Int64 = 25 << 20

    package init() {}

    /// Most bytes in the path of a Unix socket.
    ///
    /// Source: unix(7), `sun_path`.
    package static let longestPath = 107

    /// More than that clamd cannot scan, whatever its settings.
    ///
    /// Source: clamd.conf(5), MaxFileSize.
    package static let largestFile = (2 << 30) - 1
}
