internal import Artefacts
package import FoundationEssentials

/// `keyring.json`: the store keys, each wrapped with the root key.
///
///     {"current": "…", "keys": [
///       {"id": "…", "createdAt": "…", "wrapped": [{"root": "…", "sealed": "…"}]}]}
///
/// `sealed` is the hexadecimal form of the key as `AuthenticatedCipher` seals it,
/// authenticated with the text `Keepsake store key 1` and the 16 bytes of its
/// name. A key is wrapped once for each root key that opens it: for the old and
/// the new one while the root is being rotated, so that at every moment the
/// root key that is in its place opens the store.
package struct KeyringDocument: Hashable, Sendable {
    private struct Entry: Hashable, Codable {
        let id: String
        let createdAt: Date
        var wrapped: [Wrapped]
    }

    private struct Wrapped: Hashable, Codable {
        let root: String
        let sealed: String
    }

    private var current: String
    private var keys: [Entry]

    /// A keyring for a new store, with one store key.
    package init(newWith root: SecretKey, at now: Date) {
        let key = SecretKey.random()
        current = key.id.description
        keys = [Self.entry(key, for: [root], at: now)]
    }

    /// Reads the document.
    ///
    /// - Throws: ``KeyringError/malformed``.
    package init(parsing bytes: [UInt8]) throws(KeyringError) {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        guard let document = try? decoder.decode(Self.self, from: Data(bytes)) else { throw .malformed }
        self = document
    }

    /// The written form.
    package var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
        } catch {
            preconditionFailure("texts and dates can be encoded: \(error)")
        }
    }

    /// Unwraps every store key.
    ///
    /// - Throws: ``KeyringError/wrongRoot`` if they are wrapped with other root
    ///   keys, ``KeyringError/malformed`` if one cannot be unwrapped.
    package func open(with root: SecretKey) throws(KeyringError) -> Keyring {
        var opened: [SecretKey] = []
        for entry in keys { opened.append(try Self.unwrap(entry, with: root)) }
        guard let current = opened.first(where: { $0.id.description == self.current }) else { throw .malformed }
        return Keyring(current: current, all: opened)
    }

    /// The keyring that both root keys open, with a new store key as the current one.
    ///
    /// Keys that only some third root key opened are still opened by `root`:
    /// wraps of any other root key are dropped.
    ///
    /// - Throws: as ``open(with:)``.
    package func rotated(from root: SecretKey, to newRoot: SecretKey, at now: Date) throws(KeyringError) -> Self {
        var rotated = self
        rotated.keys = []
        for entry in keys {
            rotated.keys.append(
                Self.entry(try Self.unwrap(entry, with: root), for: [root, newRoot], at: entry.createdAt))
        }
        let key = SecretKey.random()
        rotated.keys.append(Self.entry(key, for: [root, newRoot], at: now))
        rotated.current = key.id.description
        return rotated
    }

    /// The keyring that `root` alone opens.
    ///
    /// - Throws: as ``open(with:)``; nothing is dropped unless `root` opens every key.
    package func forRootAlone(_ root: SecretKey) throws(KeyringError) -> Self {
        _ = try open(with: root)
        var alone = self
        for index in alone.keys.indices { alone.keys[index].wrapped.removeAll { $0.root != root.id.description } }
        return alone
    }

    /// The keyring without the store keys that nothing needs; never without the current one.
    package func keeping(_ needed: Set<KeyID>) -> Self {
        let names = Set(needed.map(\.description))
        var kept = self
        kept.keys.removeAll { $0.id != current && !names.contains($0.id) }
        return kept
    }

    /// Every store key's name and age, oldest first, and whether new files are sealed with it.
    package var summary: [(id: String, createdAt: Date, isCurrent: Bool)] {
        keys.map { ($0.id, $0.createdAt, $0.id == current) }
    }

    /// The names of the root keys that open the keyring.
    package var roots: Set<String> { Set(keys.flatMap { $0.wrapped.map(\.root) }) }

    private static func entry(_ key: SecretKey, for roots: [SecretKey], at instant: Date) -> Entry {
        Entry(
            id: key.id.description, createdAt: instant,
            wrapped: roots.map { root in
                let sealed = AuthenticatedCipher.seal(key.bytes, with: root, authenticating: context(key.id))
                return Wrapped(root: root.id.description, sealed: Hexadecimal.encode(sealed))
            })
    }

    private static func unwrap(_ entry: Entry, with root: SecretKey) throws(KeyringError) -> SecretKey {
        guard let wrapped = entry.wrapped.first(where: { $0.root == root.id.description }) else { throw .wrongRoot }
        guard let id = KeyID(parsing: entry.id), let sealed = Hexadecimal.decode(wrapped.sealed),
            let plain = AuthenticatedCipher.open(Data(sealed), with: root, authenticating: context(id)),
            let key = SecretKey(bytes: plain), key.id == id
        else { throw .malformed }
        return key
    }

    private static func context(_ id: KeyID) -> [UInt8] { Array("Keepsake store key 1".utf8) + id.bytes }
}

extension KeyringDocument: Codable {}

/// Why a keyring cannot be opened.
package enum KeyringError: Error, Hashable {
    /// The document is not one, or a key in it was changed.
    case malformed
    /// The keys are wrapped with another root key.
    case wrongRoot
}
