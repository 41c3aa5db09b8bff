internal import Artefacts
internal import FoundationEssentials
internal import HTTPTypes

/// What of an entry is to be other than it is; what is not named stays.
///
/// Source: RFC 7396, JSON Merge Patch.
struct EntryCorrection: StrictlyDecodable {
    static let fieldNames = Set(Writing.Field.allCases.map(\.rawValue))

    /// What each field is to say; `nil` takes it away.
    private var texts: [Writing.Field: String?] = [:]

    init(from decoder: any Decoder) throws {
        for (name, text) in try decoder.singleValueContainer().decode([String: String?].self) {
            guard let field = Writing.Field(rawValue: name) else { continue }
            try set(field, text)
        }
    }

    /// Reads a form that showed what `words` say. A field that was emptied says
    /// nothing any more, but for the date, which a form does not show.
    ///
    /// - Throws: ``Problem``, with status 409 if the form showed other words.
    init(form: FormFields, of words: EntryWords) throws(Problem) {
        var form = form
        let former = form.remove("former")
        try form.expect(only: Self.fieldNames)
        guard former == words.fingerprint else { throw .writtenMeanwhile }
        for field in Writing.Field.allCases where form.pairs.contains(where: { $0.name == field.rawValue }) {
            if field == .happenedAt, form[field.rawValue] == nil { continue }
            try set(field, form[field.rawValue])
        }
    }

    func writings(by principal: Principal, at instant: Date) -> [Writing] {
        Writing.Field.allCases.compactMap { field in
            texts[field].map { Writing(field, $0, who: principal.name, at: instant) }
        }
    }

    private mutating func set(_ field: Writing.Field, _ text: String?) throws(Problem) {
        var fields = FormFields()
        // Browsers end the lines of a form as the line printers of old did.
        fields.add(field.rawValue, text?.replacing("\r\n", with: "\n").trimmed ?? "")
        texts[field] = .some(try Self.written(field, fields))
    }

    /// As it is kept.
    private static func written(_ field: Writing.Field, _ fields: FormFields) throws(Problem) -> String? {
        switch field {
        case .caption, .altText: try fields.text(field.rawValue)
        case .transcript: try fields.text(field.rawValue, upTo: EntryWords.maximumTranscriptSize)
        case .language: try fields[field.rawValue].map(LanguageTag.init(field:))?.description
        case .happenedAt: try fields.happenedAt().map(Instant.text)
        }
    }
}

extension EntryWords {
    /// Another text for other words: a form that was opened before somebody else wrote is known by it.
    var fingerprint: String {
        let texts = Writing.Field.allCases.map { self[$0] ?? "" }
        return String(Digester.digest(of: texts.joined(separator: "\0").utf8).hex.prefix(16))
    }
}

extension Problem {
    fileprivate static let writtenMeanwhile = Problem(
        .conflict, "written-meanwhile", "Somebody else has written here",
        "These words were changed since you opened the page, so yours were not kept. Go back and copy them, load the "
            + "page again to see how it stands, and write them there.")
}
