internal import Yams

/// A word of a policy, with the line that it stands on.
struct PolicyWord {
    let text: String
    let line: Int
}

extension [PolicyWord] {
    /// The words as values.
    ///
    /// - Throws: ``PolicyError/unknown(kind:_:known:_:)`` for the first that is none.
    func parsed<Value: Hashable>(
        _ kind: String, known: [String] = [], _ parse: (String) -> Value?
    ) throws(PolicyError) -> Set<Value> {
        var values: Set<Value> = []
        for word in self {
            guard let value = parse(word.text) else { throw .unknown(kind: kind, word.text, known: known, word.line) }
            values.insert(value)
        }
        return values
    }
}

/// Keys with what stands behind them in a policy, read strictly.
///
/// The one place that knows how YAML is read.
struct PolicyMapping {
    let line: Int
    private let mapping: Node.Mapping

    /// The whole of a file.
    init(document text: String) throws(PolicyError) {
        do {
            guard let root = try Yams.compose(yaml: text) else { throw PolicyError.notYAML("it is empty", line: nil) }
            try self.init(root, key: "the file")
        } catch let error as PolicyError {
            throw error
        } catch let error as YamlError {
            throw PolicyError(error)
        } catch {
            throw .notYAML("it cannot be read", line: nil)
        }
    }

    private init(_ node: Node, key: String) throws(PolicyError) {
        line = node.mark?.line ?? 1
        guard let mapping = node.mapping else {
            throw .unfitting(key: key, expected: "keys with what belongs to them", line)
        }
        self.mapping = mapping
    }

    var isEmpty: Bool { mapping.isEmpty }

    /// In the order in which they were written.
    var keys: [String] { mapping.keys.compactMap(\.string) }

    /// - Throws: ``PolicyError/unknown(kind:_:known:_:)`` where there is another key.
    func expect(keys known: [String]) throws(PolicyError) {
        for key in mapping.keys where !known.contains(key.string ?? "") {
            throw .unknown(kind: "key here", key.string ?? "that", known: known, key.mark?.line ?? line)
        }
    }

    func mapping(_ key: String) throws(PolicyError) -> PolicyMapping {
        try PolicyMapping(try node(key), key: key)
    }

    func mappings(_ key: String) throws(PolicyError) -> [PolicyMapping] {
        let node = try node(key)
        guard let list = node.sequence, !list.isEmpty else {
            throw .unfitting(key: key, expected: "a list", node.mark?.line ?? line)
        }
        var all: [PolicyMapping] = []
        for item in list { all.append(try PolicyMapping(item, key: key)) }
        return all
    }

    /// A text that must be there.
    func text(_ key: String) throws(PolicyError) -> PolicyWord { try Self.word(try node(key), key, line) }

    /// A word or a list of them; `nil` where the key is not there.
    func words(_ key: String) throws(PolicyError) -> [PolicyWord]? {
        guard let node = mapping[key] else { return nil }
        guard let list = node.sequence else { return [try Self.word(node, key, line)] }
        guard !list.isEmpty else {
            throw .unfitting(key: key, expected: "a list with something in it", node.mark?.line ?? line)
        }
        var words: [PolicyWord] = []
        for item in list { words.append(try Self.word(item, key, line)) }
        return words
    }

    /// Words that are names of cases.
    func set<Value: Hashable & RawRepresentable<String>>(
        _ key: String, _ parse: (String) -> Value?, kind: String, _ all: [Value]
    ) throws(PolicyError) -> Set<Value>? {
        try words(key)?.parsed(kind, known: all.map(\.rawValue), parse)
    }

    private func node(_ key: String) throws(PolicyError) -> Node {
        guard let node = mapping[key] else { throw .missing(key: key, line) }
        return node
    }

    private static func word(_ node: Node, _ key: String, _ line: Int) throws(PolicyError) -> PolicyWord {
        let line = node.mark?.line ?? line
        guard let text = node.scalar?.string, !text.isEmpty else {
            throw .unfitting(key: key, expected: "a word or a sentence", line)
        }
        return PolicyWord(text: text, line: line)
    }
}

extension PolicyError {
    /// Without the piece of the file that comes with it: this is for one line of a log.
    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self = .notYAML(problem, line: mark.line)
        case .duplicatedKeysInMapping(let duplicates, let context):
            self = .notYAML("“\(duplicates.first ?? "a key")” stands there twice", line: context.mark.line)
        default: self = .notYAML("it is no YAML", line: nil)
        }
    }
}
