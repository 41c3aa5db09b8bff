/// The name a file had where it came from: shown to people, never a path.
///
/// Whatever was sent becomes one safe line of 1 to 255 UTF-8 bytes: folders,
/// control characters and marks that turn the reading direction are left out.
package struct FileName: Hashable, Sendable {
    /// The name as shown.
    package let text: String

    /// Most UTF-8 bytes in a name, as file systems have it (`NAME_MAX`).
    package static let maximumSize = 255

    /// Makes a safe name of what a client sent; nothing usable becomes `untitled`.
    package init(declared: String) {
        let last = declared.split(omittingEmptySubsequences: true) { $0 == "/" || $0 == "\\" }.last ?? ""
        var name = String(String.UnicodeScalarView(last.unicodeScalars.filter(Self.isShown)))
        while let edge = name.first, edge == " " || edge == "." { name.removeFirst() }
        while name.last == " " { name.removeLast() }
        text = name.isEmpty ? "untitled" : Self.shortened(name)
    }

    /// The part after the last full stop in lower case, or `nil` where there is none.
    package var fileExtension: String? {
        guard let dot = text.lastIndex(of: "."), dot != text.startIndex else { return nil }
        let suffix = text[text.index(after: dot)...]
        return suffix.isEmpty ? nil : suffix.lowercased()
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            // Zero-width joiners hold emoji families together; the rest of the
            // format characters only mislead (RFC 8187 names, bidi overrides).
            scalar == "\u{200D}"
        default: true
        }
    }

    /// Keeps the extension when a long name has to give.
    private static func shortened(_ name: String) -> String {
        guard name.utf8.count > maximumSize else { return name }
        let suffix: String
        if let dot = name.lastIndex(of: "."), name[dot...].utf8.count <= 16 {
            suffix = String(name[dot...])
        } else {
            suffix = ""
        }
        var stem = String(name.dropLast(suffix.count))
        while stem.utf8.count + suffix.utf8.count > maximumSize { stem.removeLast() }
        return stem + suffix
    }
}

extension FileName: CustomStringConvertible {
    package var description: String { text }
}

extension FileName: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(declared: try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
