internal import Artefacts

/// What the database answered, for as long as it does not change.
struct KnownAnswers: Sendable {
    typealias Path<Key: Hashable, Answer> = WritableKeyPath<KnownAnswers, [Key: Answer]>

    var children: [ChildID: Child] = [:]
    /// By the digest of the secret; not all of them are still good.
    var credentials: [Digest: Credential] = [:]
    var artefacts: [ArtefactID: Linked] = [:]
    private var version: Int64?

    /// Answers of one kind that are kept at most.
    private static let most = 256

    /// Forgets all, unless the database is as it was.
    mutating func expect(_ version: Int64) {
        if version != self.version { self = KnownAnswers(version: version) }
    }

    mutating func keep<Key, Answer>(_ answer: Answer, to key: Key, in path: Path<Key, Answer>) {
        if self[keyPath: path].count >= Self.most { self[keyPath: path] = [:] }
        self[keyPath: path][key] = answer
    }

    init() {}

    private init(version: Int64) { self.version = version }
}
