internal import Artefacts
internal import InspectionWire
internal import Reading

/// An email, or a web page saved as one.
///
/// Source: RFC 5322, section 2.2; RFC 2046; RFC 2557.
enum MailMessage {
    private static let known: Set<Substring> = [
        "from", "to", "cc", "subject", "date", "received", "return-path", "message-id", "mime-version", "delivered-to",
        "content-type", "content-transfer-encoding", "reply-to", "sender", "dkim-signature",
        "snapshot-content-location",
    ]
    /// No letter to a person has these.
    private static let certain: Set<Substring> = [
        "received", "return-path", "message-id", "mime-version", "dkim-signature",
    ]
    private static let maximumRead = 8 << 20

    static func finding(in file: FileBytes, _ sample: TextSample) -> FormatFinding? {
        let isBox = sample.lower.hasPrefix("from ")
        // Most texts are none by their first line, and need not be split.
        guard isBox || sample.lower.prefix(while: { !$0.isNewline }).contains(":") else { return nil }
        let lines = sample.lower.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let headers = lines.dropFirst(isBox ? 1 : 0).prefix { !$0.isEmpty }.prefix(400)
        let names = headers.compactMap { line -> Substring? in
            guard let colon = line.firstIndex(of: ":"), line.first?.isWhitespace == false else { return nil }
            return line[..<colon]
        }
        let found = Set(names).intersection(known)
        guard let first = headers.first, first.contains(":"), found.count >= 3, !found.isDisjoint(with: certain),
            names.allSatisfy({ !$0.contains(" ") })
        else { return nil }
        let isPage =
            headers.contains { $0.contains("multipart/related") }
            && (found.contains("snapshot-content-location") || !found.contains("to"))
            && sample.lower.contains("text/html")
        if isPage { return FormatFinding("multipart/related", puid: "x-fmt/429") }
        if isBox { return FormatFinding("application/mbox", puid: "fmt/720") }
        var finding = FormatFinding("message/rfc822", puid: found.contains("mime-version") ? "fmt/950" : "fmt/278")
        finding.dates = MailDates.dates(of: file)
        look(at: file, &finding)
        return finding
    }

    /// What is attached, and whether the last part is closed.
    private static func look(at file: FileBytes, _ finding: inout FormatFinding) {
        let text = String(decoding: file.read(at: 0, count: maximumRead), as: UTF8.self)
        var boundaries: [Substring] = []
        for line in text.split(whereSeparator: \.isNewline).prefix(200_000) {
            let lower = line.lowercased()
            if lower.contains("content-disposition: attachment") { finding.features.insert(.embeddedFiles) }
            if let name = value("name=", in: line, lower), ProgramNames.isProgram(String(name)) {
                finding.features.formUnion([.embeddedFiles, .embeddedProgram])
            }
            if let boundary = value("boundary=", in: line, lower), boundaries.count < 100 {
                boundaries.append(boundary)
            }
        }
        if boundaries.count > 20 { finding.features.insert(.tooManyParts) }
        guard let outer = boundaries.first, !outer.isEmpty else { return }
        finding.wholeness = .whole(
            file.tail(64 << 10).contains(text: "--\(outer)--"), or: "the last part is not closed")
    }

    private static func value(_ name: String, in line: Substring, _ lower: String) -> Substring? {
        guard let range = lower.firstRange(of: name) else { return nil }
        let offset = lower.distance(from: lower.startIndex, to: range.upperBound)
        let rest = line.dropFirst(offset)
        return rest.first == "\""
            ? rest.dropFirst().prefix { $0 != "\"" } : rest.prefix { $0 != ";" && !$0.isWhitespace }
    }
}
