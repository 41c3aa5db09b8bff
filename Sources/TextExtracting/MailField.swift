/// A header with parameters, such as `text/plain; charset=utf-8`.
///
/// Source: RFC 2045, section 5.1; RFC 2231.
struct MailField {
    /// In lower case.
    let value: String
    private var parameters: [String: String] = [:]

    private static let maximumParameters = 100

    init(_ header: String) {
        let parts = Self.split(header)
        value = (parts.first ?? "").lowercased().filter { !$0.isWhitespace }
        for part in parts.dropFirst().prefix(Self.maximumParameters) {
            guard let equals = part.firstIndex(of: "=") else { continue }
            let name = part[..<equals].lowercased().filter { !$0.isWhitespace }
            parameters[name] = Self.unquoted(part[part.index(after: equals)...])
        }
    }

    /// The value of a parameter, put together where it was cut in pieces.
    func parameter(_ name: String) -> String? {
        if let plain = parameters[name] { return plain }
        if let extended = parameters["\(name)*"] { return Self.decoded(extended) }
        var joined = ""
        for index in 0..<Self.maximumParameters {
            guard let piece = parameters["\(name)*\(index)*"] ?? parameters["\(name)*\(index)"] else { break }
            joined += piece
        }
        guard !joined.isEmpty else { return nil }
        return parameters["\(name)*0*"] == nil ? joined : Self.decoded(joined)
    }

    /// `charset'language'percent-encoded`.
    private static func decoded(_ text: String) -> String {
        let pieces = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3 else { return text }
        var bytes: [UInt8] = []
        var rest = Array(pieces[2].utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return Charset.decoded(bytes, String(pieces[0]))
    }

    /// At semicolons that are not in quotation marks.
    private static func split(_ header: String) -> [String] {
        var parts = [""]
        var isQuoted = false
        for character in header {
            if character == "\"" { isQuoted.toggle() }
            if character == ";", !isQuoted { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return parts
    }

    private static func unquoted(_ text: Substring) -> String {
        let trimmed = text.drop { $0.isWhitespace }
        guard trimmed.first == "\"" else { return String(trimmed.prefix { !$0.isWhitespace }) }
        return String(trimmed.dropFirst().prefix { $0 != "\"" })
    }
}
