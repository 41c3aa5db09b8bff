/// The store keys, open: what wraps the data key of every file.
package struct Keyring: Sendable {
    /// The key that new files are sealed with.
    package let current: SecretKey
    private let keys: [KeyID: SecretKey]

    /// - Parameter current: one of the keys.
    init(current: SecretKey, all keys: [SecretKey]) {
        self.current = current
        self.keys = Dictionary(keys.map { ($0.id, $0) }) { first, _ in first }
    }

    /// A keyring of one new key, for files that end with this program.
    package static func ephemeral() -> Keyring {
        let key = SecretKey.random()
        return Keyring(current: key, all: [key])
    }

    /// The store key of that name, or `nil` where the keyring has none.
    package func key(_ id: KeyID) -> SecretKey? { keys[id] }

    /// The names of all store keys.
    package var names: Set<KeyID> { Set(keys.keys) }
}
