/// Why a file that should have a text gives none.
package enum TextExtractingError: Error, Hashable {
    /// It asks for a password.
    case encrypted
    /// It is damaged, or built in a way that is not understood; a short technical phrase.
    case notUnderstood(String)
    /// It is larger than what is looked at.
    case tooLarge
}

extension TextExtractingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .encrypted: "it asks for a password"
        case .notUnderstood(let part): "not understood: \(part)"
        case .tooLarge: "too large"
        }
    }
}
