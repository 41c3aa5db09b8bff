internal import Artefacts
internal import Glibc
internal import InspectionWire

/// What has to be true of a file, so that a rule fits it. What is `nil` is not asked for.
struct RuleCondition: Hashable, Sendable {
    var types: TypeSet?
    /// One of them is enough.
    var features: Set<Feature>?
    var wholeness: Set<State>?
    var puids: Set<PUID>?
    /// In lower case, without the full stop.
    var extensions: Set<String>?
    var names: [NamePattern]?

    /// ``Wholeness`` without its evidence.
    enum State: String, CaseIterable, Hashable, Sendable {
        case whole, damaged, unknown

        init(_ wholeness: Wholeness) {
            self =
                switch wholeness {
                case .whole: .whole
                case .damaged: .damaged
                case .unknown: .unknown
                }
        }
    }

    func holds(for report: InspectionReport, named name: FileName) -> Bool {
        types?.contains(report.mimeType) ?? true
            && features.map { !$0.isDisjoint(with: report.features) } ?? true
            && wholeness?.contains(State(report.wholeness)) ?? true
            && puids.map { puids in report.puid.map(puids.contains) ?? false } ?? true
            && fits(name)
    }

    /// Whether it asks for names.
    var namesFiles: Bool { extensions != nil || names != nil }

    /// Whether the name is one that is asked for, if any is.
    func fits(_ name: FileName) -> Bool {
        extensions.map { extensions in name.fileExtension.map(extensions.contains) ?? false } ?? true
            && names.map { names in names.contains { $0.matches(name) } } ?? true
    }

    /// Whether the beginning of a file shows as much as the whole: features, ends and versions may come later.
    var needsOnlyTheBeginning: Bool {
        features == nil && wholeness == nil && puids == nil
    }
}

/// A file name, in which `*` stands for anything.
struct NamePattern: Hashable, Sendable {
    private let pattern: String

    init(_ text: String) { pattern = Self.folded(text) }

    /// Source: fnmatch(3).
    func matches(_ name: FileName) -> Bool { fnmatch(pattern, Self.folded(name.text), 0) == 0 }

    /// A ``FileName`` begins with no full stop, whatever the sender's did.
    private static func folded(_ text: String) -> String { String(text.lowercased().drop { $0 == "." }) }
}
