internal import Artefacts
package import DurableFiles
package import FoundationEssentials
package import Sealing
package import SystemPackage

/// Where the root key comes from.
package enum RootKeySource: Hashable, Sendable {
    /// A file, made at the first start; `nil`: `keys/root.key` in the store.
    case file(FilePath?)
    /// A text that somebody keeps for us; `place` says where, for people.
    case text(String, place: String)
}

/// `keys/`: the keyring, and the root key unless it is kept elsewhere.
///
/// The root key wraps the store keys, and these wrap the data key of each
/// file: so another root key re-wraps the keyring, and rewrites no file.
package struct KeyFolder: Sendable {
    private let path: FilePath
    private let source: RootKeySource

    package init(of store: FilePath, source: RootKeySource) {
        path = store.appending("keys")
        self.source = source
    }

    private var keyring: FilePath { path.appending("keyring.json") }
    private var rootFile: FilePath {
        if case .file(let named?) = source { named } else { path.appending("root.key") }
    }

    /// Opens the store keys.
    package func open() throws(KeyFolderError) -> Keyring {
        try opened(try document(), with: try rootKey())
    }

    /// What the keyring says of its keys.
    package func document() throws(KeyFolderError) -> KeyringDocument {
        guard let bytes = try reading(keyring) else { throw .keyringMissing(keyring) }
        do { return try KeyringDocument(parsing: bytes) } catch { throw .keyringDamaged(keyring) }
    }

    /// Makes what is missing of a new store's keys; durable on return.
    ///
    /// Order: root key → keyring, so that no keyring is ever without its root
    /// key. A root key that is there already is used.
    func make(at now: Date) throws(KeyFolderError) {
        do { try Directory.create(path) } catch { throw .file(error) }
        if case .file = source, try reading(rootFile) == nil { try write(.random(), to: rootFile) }
        let root = try rootKey()
        if try reading(keyring) == nil { try write(KeyringDocument(newWith: root, at: now)) }
        _ = try open()
    }

    /// Puts a new root key and a new store key in place of the old ones.
    ///
    /// Order: keyring that both root keys open → root key's file replaced →
    /// keyring that the new one alone opens. Killed anywhere, the root key that
    /// is in its place opens the keyring. Where the root key is not kept in a
    /// file of ours, both open it until ``forgetOldRoots()``.
    ///
    /// - Parameter newRoot: `nil`: a random one, which needs the root key to be in a file.
    package func rotate(to newRoot: SecretKey?, at now: Date = Date()) throws(KeyFolderError) {
        let lock = try exclusively()
        defer { withExtendedLifetime(lock) {} }
        let old = try rootKey()
        if newRoot == nil, case .text(_, let place) = source { throw .keptElsewhere(place) }
        let new = newRoot ?? .random()
        do {
            let both = try document().rotated(from: old, to: new, at: now)
            try write(both)
            if case .file = source {
                try write(new, to: rootFile)
                try write(try both.forRootAlone(new))
            }
        } catch {
            throw translated(error)
        }
    }

    /// Drops what other root keys than the present one would open.
    package func forgetOldRoots() throws(KeyFolderError) {
        let lock = try exclusively()
        defer { withExtendedLifetime(lock) {} }
        do {
            let present = try document()
            let alone = try present.forRootAlone(try rootKey())
            if alone != present { try write(alone) }
        } catch {
            throw translated(error)
        }
    }

    /// Drops the store keys that are neither current nor needed; answers how many.
    ///
    /// Only while nothing else uses the store: a daemon may be sealing with a
    /// key that no file names yet.
    package func retire(allBut needed: Set<KeyID>) throws(KeyFolderError) -> Int {
        let lock = try exclusively()
        defer { withExtendedLifetime(lock) {} }
        let present = try document()
        let kept = present.keeping(needed)
        if kept != present { try write(kept) }
        return present.summary.count - kept.summary.count
    }

    /// The root key from its source.
    package func rootKey() throws(KeyFolderError) -> SecretKey {
        switch source {
        case .text(let text, let place):
            guard let key = Self.key(in: Array(text.utf8)) else { throw .rootMalformed(place) }
            return key
        case .file:
            guard let bytes = try reading(rootFile) else { throw .rootMissing(rootFile) }
            guard let key = Self.key(in: bytes) else { throw .rootMalformed(rootFile.string) }
            return key
        }
    }

    /// A key as people write it: 64 hexadecimal digits.
    package static func key(in text: [UInt8]) -> SecretKey? {
        let spaces = Set(" \t\r\n".utf8)
        let digits = String(decoding: text.filter { !spaces.contains($0) }, as: UTF8.self)
        return Hexadecimal.decode(digits.lowercased()).flatMap { SecretKey(bytes: $0) }
    }

    private func opened(_ document: KeyringDocument, with root: SecretKey) throws(KeyFolderError) -> Keyring {
        do { return try document.open(with: root) } catch { throw translated(error) }
    }

    private var rootPlace: String {
        if case .text(_, let place) = source { place } else { rootFile.string }
    }

    private func exclusively() throws(KeyFolderError) -> OpenFile {
        do {
            let path = path.appending("lock")
            let file = DurableFile.exists(path) ? try OpenFile(writing: path) : try OpenFile(creating: path)
            guard try file.tryLock() else { throw KeyFolderError.busy }
            return file
        } catch {
            throw translated(error)
        }
    }

    private func reading(_ path: FilePath) throws(KeyFolderError) -> [UInt8]? {
        do { return try DurableFile.read(path) } catch { throw .file(error) }
    }

    private func write(_ document: KeyringDocument) throws(KeyFolderError) {
        do { try DurableFile.write(document.bytes, to: keyring) } catch { throw .file(error) }
    }

    private func write(_ key: SecretKey, to path: FilePath) throws(KeyFolderError) {
        do { try DurableFile.write(Self.text(of: key), to: path) } catch { throw .file(error) }
    }

    /// The written form of a key.
    package static func text(of key: SecretKey) -> [UInt8] { Array((Hexadecimal.encode(key.bytes) + "\n").utf8) }

    private func translated(_ error: any Error) -> KeyFolderError {
        switch error {
        case let error as KeyFolderError: error
        case let error as FileError: .file(error)
        case KeyringError.wrongRoot: .rootWrong(rootPlace)
        default: .keyringDamaged(keyring)
        }
    }
}

/// Why the keys cannot be used. Each says what to do.
package enum KeyFolderError: Error, CustomStringConvertible {
    case rootMissing(FilePath)
    case rootMalformed(String)
    case rootWrong(String)
    case keyringMissing(FilePath)
    case keyringDamaged(FilePath)
    case keptElsewhere(String)
    case busy
    case file(FileError)

    package var description: String {
        switch self {
        case .rootMissing(let path):
            "The root key \(path) is missing. Put it back from where you keep a copy, or give it by "
                + "KEEPSAKE_KEYS_ROOT: nothing else opens this store."
        case .rootMalformed(let place):
            "The root key from \(place) is none: it must be 64 hexadecimal digits. Put the right one there."
        case .rootWrong(let place):
            "The root key from \(place) is not the one of this store. Put the right one there, or choose another --storage."
        case .keyringMissing(let path):
            "\(path) is missing. Restore it from the backup: it holds the keys of every file."
        case .keyringDamaged(let path):
            "\(path) is damaged. Restore it from the backup: it holds the keys of every file."
        case .keptElsewhere(let place):
            "The root key comes from \(place), which Keepsake cannot change. Say the new one by --new-root FILE."
        case .busy: "Another keepsake is changing the keys. Try again when it is done."
        case .file(let error): "The keys cannot be used: \(error)."
        }
    }
}
