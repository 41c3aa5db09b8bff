/// The words that somebody looks for, in the order given. At least one.
package struct SearchWords: Hashable, Sendable {
    package let words: [String]

    /// Most characters in what somebody looks for.
    package static let longestText = 200
    /// Most words.
    package static let mostWords = 16

    /// Why a text cannot be looked for.
    package enum Refusal: Error, Hashable {
        /// There is no word in it: no letter and no digit.
        case noWord
        case tooLong
        case tooManyWords
    }

    /// Reads what a person has typed, whatever it is: nothing in it is a command.
    package init(parsing text: String) throws(Refusal) {
        guard text.utf8.count <= Self.longestText * 4, text.count <= Self.longestText else { throw .tooLong }
        words = text.split(whereSeparator: \.isWhitespace).map(String.init).filter(Self.hasTerm)
        guard !words.isEmpty else { throw .noWord }
        guard words.count <= Self.mostWords else { throw .tooManyWords }
    }

    /// Whether something is left of it in an index of words.
    ///
    /// Source: SQLite, "FTS5: Unicode61 Tokenizer", which takes letters and digits alone.
    private static func hasTerm(_ word: String) -> Bool {
        word.unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .letterNumber, .otherNumber:
                true
            default: false
            }
        }
    }
}
