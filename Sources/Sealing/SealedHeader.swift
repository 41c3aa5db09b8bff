internal import FoundationEssentials

/// The first 96 bytes of every sealed file.
///
///      0   8  "KEEPSAKE"
///      8   1  version of the format: 1
///      9   1  cipher: 1, AES-256-GCM
///     10   1  size of a segment, as the power of two: 16
///     11   5  zeros
///     16  16  the store key's name
///     32  60  the data key, sealed with the store key over the 32 bytes before it
///     92   4  zeros
///
/// The whole header is authenticated with every segment.
package struct SealedHeader: Hashable, Sendable {
    package let bytes: [UInt8]

    /// Bytes in every header.
    package static let size = 96
    private static let beginning = Array("KEEPSAKE".utf8) + [1, 1, UInt8(SealedLayout.segmentExponent), 0, 0, 0, 0, 0]
    private static let keyIDRange = 16..<32
    private static let wrappedKeyRange = 32..<92

    /// A header for a new file whose data key is wrapped with the store key.
    init(wrapping dataKey: SecretKey, with storeKey: SecretKey) {
        let open = Self.beginning + storeKey.id.bytes
        let wrapped = AuthenticatedCipher.seal(dataKey.bytes, with: storeKey, authenticating: open)
        bytes = open + wrapped + [0, 0, 0, 0]
    }

    /// Takes the first bytes of a file; `nil` if no sealed file of this version begins with them.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.size, bytes.starts(with: Self.beginning) else { return nil }
        self.bytes = bytes
    }

    /// The name of the store key that the data key is wrapped with.
    package var storeKeyID: KeyID {
        guard let id = KeyID(bytes: bytes[Self.keyIDRange]) else { preconditionFailure("there are 16 bytes") }
        return id
    }

    /// The data key; `nil` if header or store key is not the one it was.
    func dataKey(unwrappedWith storeKey: SecretKey) -> SecretKey? {
        let open = Array(bytes[..<Self.wrappedKeyRange.lowerBound])
        return AuthenticatedCipher.open(Data(bytes[Self.wrappedKeyRange]), with: storeKey, authenticating: open)
            .flatMap { SecretKey(bytes: $0) }
    }
}
