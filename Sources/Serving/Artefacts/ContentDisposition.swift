internal import Artefacts

/// Whether a browser shows the bytes or saves them, and under which name.
///
/// Source: RFC 6266; RFC 8187 for names beyond ASCII.
enum ContentDisposition {
    /// The field for an artefact.
    static func field(for artefact: Artefact) -> String {
        let name = artefact.fileName.named(for: artefact.finding.mimeType)
        let isPlain = name.unicodeScalars.allSatisfy(\.isPlain)
        let ascii = isPlain ? name : String(name.unicodeScalars.map { $0.isPlain ? Character($0) : "_" })
        return (artefact.finding.mayBeShown ? "inline" : "attachment")
            + "; filename=\"\(ascii)\"; filename*=UTF-8''\(PercentEncoding.encoded(name))"
    }
}

extension FileName {
    /// The name with an extension that the type has, so that what opens it is what the content is for.
    fileprivate func named(for type: MediaType) -> String {
        guard let usual = type.fileExtensions.first else { return text }
        guard let ending = fileExtension else { return "\(text).\(usual)" }
        if type.fileExtensions.contains(ending) { return text }
        let stem = MediaType.isExtension(ending) ? String(text.dropLast(ending.count + 1)) : text
        return "\(stem).\(usual)"
    }
}

extension Unicode.Scalar {
    /// May stand in a quoted string as it is.
    fileprivate var isPlain: Bool {
        isASCII && value >= 32 && value != 127 && self != "\"" && self != "\\" && self != "%"
    }
}
