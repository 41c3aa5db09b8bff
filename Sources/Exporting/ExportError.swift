package import DurableFiles
package import SystemPackage

/// Why a bag was not written; each says what to do. Nothing is left under the output's name.
package enum ExportError: Error, Hashable, CustomStringConvertible {
    /// Something of that name is there; a bag never replaces anything.
    case outputExists(FilePath)
    /// The disk of the bag, not that of the store, said no.
    case file(FileError)

    package var description: String {
        switch self {
        case .outputExists(let path): "\(path) is there already. Say where to with --output."
        case .file(let error) where error.isOutOfSpace:
            "The disk is full: nothing was exported. Make room, or choose another disk with --output."
        case .file(let error): "Nothing was exported: \(error)."
        }
    }
}
