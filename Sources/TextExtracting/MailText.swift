internal import Reading

/// What a reader of an email sees: who, to whom, when, about what, the text, and
/// the names of what is attached.
///
/// Source: RFC 5322, RFC 2045 to 2047, RFC 2183.
enum MailText {
    private static let maximumSize = 64 << 20
    /// Messages in messages.
    static let maximumDepth = 20
    private static let shown = ["from", "to", "cc", "date", "subject"]

    static func append(_ file: FileBytes, to text: inout CleanText) throws {
        append(MailPart(file.read(at: 0, count: maximumSize)[...]), to: &text, depth: 0)
    }

    private static func append(_ mail: MailPart, to text: inout CleanText, depth: Int) {
        for name in shown {
            guard let value = mail.headers[name] else { continue }
            text.append("\(name.prefix(1).uppercased())\(name.dropFirst()): \(MailWords.decoded(value))")
            text.endLine()
        }
        text.endParagraph()
        appendContent(of: mail, to: &text, depth: depth)
    }

    private static func appendContent(of part: MailPart, to text: inout CleanText, depth: Int) {
        guard depth < maximumDepth, !text.isFull else { return }
        let type = part.type
        if type.value == "message/rfc822" {
            append(MailPart(part.decodedBody[...]), to: &text, depth: depth + 1)
        } else if let name = part.attachedName {
            text.append("Attachment: \(name)")
            text.endLine()
        } else if type.value == "multipart/alternative" {
            let forms = part.children
            let plain = forms.first { $0.type.value == "text/plain" && !$0.decodedText.allSatisfy(\.isWhitespace) }
            if let form = plain ?? forms.last { appendContent(of: form, to: &text, depth: depth + 1) }
        } else if type.value.hasPrefix("multipart/") {
            for child in part.children { appendContent(of: child, to: &text, depth: depth + 1) }
        } else if type.value == "text/html" {
            HTMLText.append(html: part.decodedText, to: &text)
            text.endParagraph()
        } else if type.value.hasPrefix("text/") {
            text.append(part.decodedText)
            text.endParagraph()
        }
    }
}
