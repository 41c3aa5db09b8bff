/// What a confined process is there for, which decides what it is left.
package enum Duty: Sendable {
    /// To look at a file: no threads, no file but those it got.
    case inspecting
    /// To make something of a file, by libraries that want threads, memory files and fonts.
    case rendering

    /// Folders that may be read in, as far as the kernel has Landlock; else nothing can be opened.
    ///
    /// A document that does not carry its fonts is drawn with those of the system.
    var readableFolders: [String] {
        switch self {
        case .inspecting: []
        case .rendering:
            ["/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/poppler", "/etc/fonts", "/var/cache/fontconfig"]
        }
    }
}
