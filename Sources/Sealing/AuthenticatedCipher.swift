internal import Crypto
internal import FoundationEssentials

/// AES-256-GCM with a new random nonce each time.
///
/// What is sealed is laid out as nonce (12 bytes), ciphertext (as long as the
/// plain bytes), tag (16 bytes).
///
/// Source: NIST SP 800-38D. Random nonces of 96 bits are good for 2³² seals
/// under one key (section 8.3); a data key seals one file of at most 2⁵⁰ bytes
/// and the tails of its upload, a store key the data keys of its files.
enum AuthenticatedCipher {
    /// Bytes that sealing adds.
    static let overhead = 28

    /// Seals plain bytes together with what has to be the same when they are opened.
    static func seal(
        _ plain: some DataProtocol, with key: SecretKey, authenticating context: [UInt8]
    ) -> Data {
        do {
            let box = try AES.GCM.seal(plain, using: SymmetricKey(data: key.bytes), authenticating: context)
            guard let combined = box.combined else { preconditionFailure("the nonce has 12 bytes") }
            return combined
        } catch {
            // It fails for keys and nonces of the wrong size alone, and these have the right one.
            preconditionFailure("sealing cannot fail: \(error)")
        }
    }

    /// Opens what ``seal(_:with:authenticating:)`` made; `nil` if a bit of it,
    /// of the key or of the context is another.
    static func open(_ sealed: Data, with key: SecretKey, authenticating context: [UInt8]) -> Data? {
        guard sealed.count >= overhead, let box = try? AES.GCM.SealedBox(combined: sealed) else { return nil }
        return try? AES.GCM.open(box, using: SymmetricKey(data: key.bytes), authenticating: context)
    }
}
