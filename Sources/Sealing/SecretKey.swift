internal import Artefacts
internal import Crypto

/// Thirty-two secret bytes: a root key, a store key or the data key of one file.
package struct SecretKey: Hashable, Sendable {
    /// The bytes themselves; never for a log or an answer.
    package let bytes: [UInt8]

    /// Bytes in every key.
    package static let size = 32

    /// Takes 32 bytes; `nil` if there are more or fewer.
    package init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == Self.size else { return nil }
        self.bytes = bytes
    }

    private init(_ key: SymmetricKey) { bytes = key.withUnsafeBytes { Array($0) } }

    /// A new key from the system's generator.
    package static func random() -> SecretKey { SecretKey(SymmetricKey(size: .bits256)) }

    /// The name of the key, which gives nothing away of it.
    package var id: KeyID { KeyID(naming: bytes) }
}

extension SecretKey: CustomStringConvertible, CustomDebugStringConvertible {
    /// Its name, so that a key that is printed by mistake is not given away.
    package var description: String { "key \(id)" }
    package var debugDescription: String { description }
}

/// The name of a key: the first 16 bytes of its SHA-256.
///
/// A key has 256 random bits, so that nothing follows from its digest.
package struct KeyID: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// Bytes in every name.
    package static let size = 16

    fileprivate init(naming key: [UInt8]) { bytes = Array(Digester.digest(of: key).bytes.prefix(Self.size)) }

    /// Takes 16 bytes; `nil` if there are more or fewer.
    package init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == Self.size else { return nil }
        self.bytes = bytes
    }

    /// Reads 32 lower-case hexadecimal digits.
    package init?(parsing text: String) {
        guard let bytes = Hexadecimal.decode(text) else { return nil }
        self.init(bytes: bytes)
    }

    /// 32 lower-case hexadecimal digits.
    package var description: String { Hexadecimal.encode(bytes) }
}
