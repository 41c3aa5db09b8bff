package import FoundationEssentials

/// What somebody wrote about an entry: what one of its fields says from then on.
///
/// Nothing that was written is edited: what is corrected is written anew.
package struct Writing: Hashable, Sendable, Codable {
    /// What can be written, and corrected.
    package enum Field: String, Sendable, Codable, CaseIterable {
        case caption, transcript, altText, language, happenedAt
    }

    package let field: Field
    /// `nil` where it was taken away. An instant is written as ``Instant`` writes it.
    package let text: String?
    /// ``Principal/name`` of who wrote it.
    package let who: String
    package let at: Date

    package init(_ field: Field, _ text: String?, who: String, at: Date) {
        self.field = field
        self.text = text
        self.who = who
        self.at = at
    }
}

extension EntryWords {
    /// What a field says, as it is written; `nil` where it says nothing.
    package subscript(field: Writing.Field) -> String? {
        switch field {
        case .caption: caption
        case .transcript: transcript
        case .altText: altText
        case .language: language?.description
        case .happenedAt: happenedAt.map(Instant.text)
        }
    }

    /// All that can be corrected of it, as written by one person at one time.
    package func writings(by who: String, at instant: Date) -> [Writing] {
        Writing.Field.allCases.compactMap { field in
            self[field].map { Writing(field, $0, who: who, at: instant) }
        }
    }
}
