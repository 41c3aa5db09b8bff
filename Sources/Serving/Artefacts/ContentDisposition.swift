internal import Artefacts

/// Whether a browser shows the bytes or saves them, and under which name.
///
/// Source: RFC 6266; RFC 8187 for names beyond ASCII.
enum ContentDisposition {
    /// The field for an artefact.
    static func field(for artefact: Artefact) -> String {
        let name = artefact.fileName.text
        let ascii = String(name.unicodeScalars.map { $0.isPlain ? Character($0) : "_" })
        return (artefact.finding.mimeType.isShownInBrowsers ? "inline" : "attachment")
            + "; filename=\"\(ascii)\"; filename*=UTF-8''\(PercentEncoding.encoded(name))"
    }
}

extension Unicode.Scalar {
    /// May stand in a quoted string as it is.
    fileprivate var isPlain: Bool {
        isASCII && value >= 32 && value != 127 && self != "\"" && self != "\\" && self != "%"
    }
}
