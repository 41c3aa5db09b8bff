internal import Artefacts

/// Parameters of header fields, such as `filename="a.jpg"`.
enum HeaderParameters {
    /// The value of a parameter, without its quotation marks.
    static func value(_ name: String, in field: some StringProtocol) -> String? {
        for piece in pieces(of: String(field)) {
            let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, String(parts[0]).trimmed.lowercased() == name else { continue }
            let value = String(parts[1]).trimmed
            guard value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") else { return value }
            return String(value.dropFirst().dropLast()).replacing("\\\"", with: "\"")
        }
        return nil
    }

    /// The value of a parameter that is encoded as `UTF-8''…`.
    ///
    /// Source: RFC 8187.
    static func extendedValue(_ name: String, in field: some StringProtocol) -> String? {
        guard let text = value(name, in: field) else { return nil }
        let parts = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].lowercased() == "utf-8" else { return nil }
        return PercentEncoding.decoded(parts[2])
    }

    /// The parts between semicolons that do not stand in quotation marks.
    private static func pieces(of field: String) -> [String] {
        var pieces = [""]
        var isQuoted = false
        var isEscaped = false
        for character in field {
            if character == ";" && !isQuoted {
                pieces.append("")
                continue
            }
            if character == "\"" && !isEscaped { isQuoted.toggle() }
            isEscaped = character == "\\" && !isEscaped
            pieces[pieces.count - 1].append(character)
        }
        return pieces
    }
}
