/// Why there is no copy without its location.
package enum StrippingError: Error, Hashable {
    /// Files of this type have no such copy.
    case unsupportedType
    /// The file is built in a way that is not understood; a short technical phrase.
    case notUnderstood(String)
    /// Something that looks like metadata would have stayed.
    case residue
    /// The file could not be read to its end.
    case unreadable
}

extension StrippingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unsupportedType: "no copy without location for this type"
        case .notUnderstood(let part): "not understood: \(part)"
        case .residue: "metadata would have stayed"
        case .unreadable: "the file could not be read"
        }
    }
}
