internal import Artefacts
internal import FoundationEssentials

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

    /// Reads a form, in which a field that was emptied says nothing any more.
    init(form: FormFields) throws(Problem) {
        try form.expect(only: Self.fieldNames)
        for field in Writing.Field.allCases where form.pairs.contains(where: { $0.name == field.rawValue }) {
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
