/// What is wrong with a policy, and on which line.
package enum PolicyError: Error, Hashable {
    case notYAML(String, line: Int?)
    /// `kind` is what the word should have been; `known` is what there is, where that is short.
    case unknown(kind: String, String, known: [String], Int)
    case missing(key: String, Int)
    case unfitting(key: String, expected: String, Int)
    case twice(rule: String, line: Int)
}

extension PolicyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notYAML(let reason, let line?): "Line \(line): this cannot be read: \(reason)."
        case .notYAML(let reason, nil): "This cannot be read: \(reason)."
        case .unknown(let kind, let word, let known, let line):
            "Line \(line): “\(word.prefix(60))” is no \(kind)"
                + (known.isEmpty ? "." : "; there is \(known.joined(separator: ", ")).")
        case .missing(let key, let line): "Line \(line): “\(key)” is missing here."
        case .unfitting(let key, let expected, let line): "Line \(line): “\(key.prefix(60))” must be \(expected)."
        case .twice(let rule, let line): "Line \(line): there is a rule “\(rule.prefix(60))” already."
        }
    }
}

/// A file with a policy that cannot be used.
package struct PolicyFileError: Error, Hashable, CustomStringConvertible {
    let path: String
    let reason: String

    package var description: String { "The policy \(path) cannot be used. \(reason)" }
}
