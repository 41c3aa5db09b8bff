internal import Artefacts
internal import InspectionWire

extension FormatPolicy {
    /// Reads what a records manager wrote.
    ///
    /// Strict: what is not understood is an error, because a rule that is
    /// silently left out lets files through.
    ///
    /// - Throws: ``PolicyError``.
    package init(parsing text: String) throws(PolicyError) {
        let document = try PolicyMapping(document: text)
        try document.expect(keys: ["types", "rules", "otherwise"])
        let groups = try TypeGroups(document.mapping("types"))
        var rules: [FormatRule] = []
        for entry in try document.mappings("rules") {
            let rule = try FormatRule(entry, groups)
            guard !rules.contains(where: { $0.name == rule.name }) else {
                throw PolicyError.twice(rule: rule.name, line: entry.line)
            }
            rules.append(rule)
        }
        let otherwise = try document.mapping("otherwise")
        try otherwise.expect(keys: ["verdict", "say"])
        let outcome = try Outcome(otherwise)
        guard case .hold = outcome else {
            throw .unfitting(
                key: "verdict", expected: "hold here: what no rule knows is for a person to judge", otherwise.line)
        }
        self.init(
            rules: rules, otherwise: FormatRule(name: "otherwise", condition: RuleCondition(), outcome: outcome))
    }
}

extension FormatRule {
    fileprivate init(_ entry: PolicyMapping, _ groups: TypeGroups) throws(PolicyError) {
        try entry.expect(keys: ["name", "when", "verdict", "say", "serve"])
        self.init(
            name: try entry.text("name").text, condition: try RuleCondition(try entry.mapping("when"), groups),
            outcome: try Outcome(entry))
    }
}

extension RuleCondition {
    fileprivate init(_ when: PolicyMapping, _ groups: TypeGroups) throws(PolicyError) {
        try when.expect(keys: ["type", "features", "wholeness", "puid", "extension", "name"])
        guard !when.isEmpty else {
            throw .unfitting(key: "when", expected: "at least one condition: a rule without fits every file", when.line)
        }
        self.init()
        if let words = try when.words("type") { types = try groups.types(words) }
        features = try when.set("features", Feature.init(rawValue:), kind: "feature", Feature.allCases)
        wholeness = try when.set("wholeness", State.init(rawValue:), kind: "wholeness", State.allCases)
        puids = try when.words("puid").map { words throws(PolicyError) in
            try words.parsed("PUID, such as fmt/199") { PUID(parsing: $0) }
        }
        extensions = try when.words("extension").map { words throws(PolicyError) in
            try words.parsed("extension, in small letters and without a full stop") { text in
                text.contains(".") || text != text.lowercased() ? nil : text
            }
        }
        names = try when.words("name")?.map { NamePattern($0.text) }
    }
}

extension Outcome {
    fileprivate init(_ entry: PolicyMapping) throws(PolicyError) {
        let verdict = try entry.text("verdict")
        switch verdict.text {
        case "accept":
            if let say = try entry.words("say")?.first {
                throw .unfitting(key: "say", expected: "left out where files are accepted", say.line)
            }
            self = .accept(try Presentation(entry))
        case "hold", "refuse":
            if let serve = try entry.words("serve")?.first {
                throw .unfitting(key: "serve", expected: "left out where files are not accepted", serve.line)
            }
            let say = try entry.text("say")
            guard say.text.utf8.count <= 500 else {
                throw .unfitting(key: "say", expected: "a sentence of at most 500 bytes", say.line)
            }
            self = verdict.text == "hold" ? .hold(say: say.text) : .refuse(say: say.text)
        default:
            throw .unknown(kind: "verdict", verdict.text, known: ["accept", "hold", "refuse"], verdict.line)
        }
    }
}

extension Presentation {
    fileprivate init(_ entry: PolicyMapping) throws(PolicyError) {
        guard let word = try entry.words("serve")?.first else {
            self = .asUsual
            return
        }
        guard word.text == "download" else {
            throw .unknown(kind: "way to serve", word.text, known: ["download"], word.line)
        }
        self = .download
    }
}

/// The groups of types that a policy names.
private struct TypeGroups {
    private var groups: [String: TypeSet] = [:]

    init(_ mapping: PolicyMapping) throws(PolicyError) {
        for group in mapping.keys {
            guard let words = try mapping.words(group), !group.contains("/") else {
                throw .unfitting(key: group, expected: "the name of a group, without a slash", mapping.line)
            }
            groups[group] = try Self.union(
                words, kind: "type that Keepsake can tell from others", TypeSet.init(naming:))
        }
    }

    /// The types that these words name: each a type or a group.
    func types(_ words: [PolicyWord]) throws(PolicyError) -> TypeSet {
        try Self.union(words, kind: "type or group of types") { groups[$0] ?? TypeSet(naming: $0) }
    }

    private static func union(
        _ words: [PolicyWord], kind: String, _ named: (String) -> TypeSet?
    ) throws(PolicyError) -> TypeSet {
        var all = TypeSet()
        for word in words {
            guard let types = named(word.text) else { throw .unknown(kind: kind, word.text, known: [], word.line) }
            all.formUnion(types)
        }
        return all
    }
}
