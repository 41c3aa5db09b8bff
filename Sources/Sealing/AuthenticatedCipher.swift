internal import CHashing
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
    static let overhead = nonceSize + tagSize
    private static let nonceSize = 12
    private static let tagSize = 16

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

    /// Does the same into memory that is there, ``overhead`` bytes more than the plain ones.
    ///
    /// By libcrypto: what Swift's package seals is copied twice before one has
    /// it, which costs as much again as sealing large files.
    ///
    /// Source: `man 3ssl EVP_EncryptInit`, "AEAD Interface".
    static func seal(
        _ plain: UnsafeRawBufferPointer, into sealed: UnsafeMutableRawBufferPointer, with key: SecretKey,
        authenticating context: [UInt8]
    ) {
        precondition(sealed.count == plain.count + overhead, "sealing adds nonce and tag")
        var generator = SystemRandomNumberGenerator()
        sealed.storeBytes(of: generator.next() as UInt64, as: UInt64.self)
        sealed.storeBytes(of: generator.next() as UInt32, toByteOffset: 8, as: UInt32.self)
        let bytes = sealed.assumingMemoryBound(to: UInt8.self)
        let ciphertext = UnsafeMutableBufferPointer(rebasing: bytes.dropFirst(nonceSize))
        let tag = UnsafeMutableBufferPointer(rebasing: bytes.suffix(tagSize))
        guard let cipher = EVP_CIPHER_CTX_new() else { preconditionFailure("there is no memory") }
        defer { EVP_CIPHER_CTX_free(cipher) }
        var count: Int32 = 0
        let isSealed =
            EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), nil, key.bytes, bytes.baseAddress) == 1
            && EVP_EncryptUpdate(cipher, nil, &count, context, Int32(context.count)) == 1
            && EVP_EncryptUpdate(
                cipher, ciphertext.baseAddress, &count,
                plain.assumingMemoryBound(to: UInt8.self).baseAddress, Int32(plain.count)) == 1
            && EVP_EncryptFinal_ex(cipher, tag.baseAddress, &count) == 1
            && EVP_CIPHER_CTX_ctrl(
                cipher, EVP_CTRL_AEAD_GET_TAG, Int32(tagSize), tag.baseAddress)
                == 1
        // It fails for want of memory alone.
        precondition(isSealed, "sealing cannot fail")
    }

    /// Opens what ``seal(_:with:authenticating:)`` made; `nil` if a bit of it,
    /// of the key or of the context is another.
    static func open(_ sealed: Data, with key: SecretKey, authenticating context: [UInt8]) -> Data? {
        guard sealed.count >= overhead, let box = try? AES.GCM.SealedBox(combined: sealed) else { return nil }
        return try? AES.GCM.open(box, using: SymmetricKey(data: key.bytes), authenticating: context)
    }
}
