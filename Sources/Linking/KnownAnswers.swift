internal import Artefacts

/// What the database answered, for as long as it does not change.
struct KnownAnswers: Sendable {
    typealias Path<Key: Hashable, Answer> = WritableKeyPath<KnownAnswers, [Key: Answer]>

    var children: [ChildID: Child] = [:]
    /// By the digest of the secret; not all of them are still good.
    var credentials: [Digest: Credential] = [:]
    var artefacts: [ArtefactID: Linked] = [:]
    private var version: WriteAheadLog.Version?

    /// Answers of one kind that are kept at most.
    private static let most = 256

    init() {}

    private init(version: WriteAheadLog.Version) { self.version = version }

    /// What is known to be true of the database at that version.
    mutating func answer<Key, Answer>(
        to key: Key, in path: Path<Key, Answer>, at version: WriteAheadLog.Version
    ) -> Answer? {
        expect(version)
        return self[keyPath: path][key]
    }

    /// Keeps what was found at that version, or at a later one.
    mutating func keep<Key, Answer>(
        _ answer: Answer, to key: Key, in path: Path<Key, Answer>, at version: WriteAheadLog.Version
    ) {
        expect(version)
        if self[keyPath: path].count >= Self.most { self[keyPath: path] = [:] }
        self[keyPath: path][key] = answer
    }

    /// Forgets all, unless it is of that version.
    private mutating func expect(_ version: WriteAheadLog.Version) {
        if version != self.version { self = KnownAnswers(version: version) }
    }
}
