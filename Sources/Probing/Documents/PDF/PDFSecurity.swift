internal import CHashing
internal import Reading

/// The standard lock of a PDF, tried with the empty password.
///
/// A document that only its owner's password locks is opened by every viewer
/// without one; what it holds is encrypted all the same.
///
/// Source: ISO 32000-2, sections 7.6.2 to 7.6.4.
struct PDFSecurity {
    private enum Cipher { case none, rc4, aes128, aes256 }

    private let key: [UInt8]
    private let cipher: Cipher
    let encryptsMetadata: Bool

    private static let padding: [UInt8] = [
        0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08, 0x2E, 0x2E,
        0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
    ]

    /// Opens the lock that `dictionary` describes; `nil` where the empty password does not.
    ///
    /// - Parameter id: the first of the document's two identifiers.
    init?(_ dictionary: PDFText, id: [UInt8]) {
        guard dictionary.has("/Standard"), let revision = dictionary.number("/R"),
            let owner = dictionary.string("/O"), let user = dictionary.string("/U"), owner.count >= 32, user.count >= 32
        else { return nil }
        let version = dictionary.number("/V") ?? 0
        encryptsMetadata = !dictionary.has("/EncryptMetadata false")
        if revision >= 5 {
            guard user.count >= 48, let wrapped = dictionary.string("/UE"), wrapped.count >= 32,
                Self.hash(Array(user[32..<40]), revision) == Array(user[..<32])
            else { return nil }
            key = Self.decrypt(
                wrapped.prefix(32), key: Self.hash(Array(user[40..<48]), revision), iv: [UInt8](repeating: 0, count: 16)
            )
            cipher = .aes256
            return
        }
        let length = revision == 2 ? 5 : version == 4 ? 16 : min(16, max(5, (dictionary.number("/Length") ?? 40) / 8))
        let permissions = UInt32(truncatingIfNeeded: dictionary.number("/P") ?? 0)
        var input = Self.padding + owner.prefix(32)
        input += (0..<4).map { UInt8(truncatingIfNeeded: permissions >> (8 * $0)) } + id
        if revision >= 4, !encryptsMetadata { input += [0xFF, 0xFF, 0xFF, 0xFF] }
        var key = Self.md5(input)
        for _ in 0..<(revision >= 3 ? 50 : 0) { key = Self.md5(Array(key.prefix(length))) }
        key = Array(key.prefix(length))
        guard Self.isUser(user, key, id, revision) else { return nil }
        self.key = key
        cipher = version < 4 ? .rc4 : dictionary.has("/AESV2") ? .aes128 : dictionary.has("/V2") ? .rc4 : .none
    }

    private static func isUser(_ user: [UInt8], _ key: [UInt8], _ id: [UInt8], _ revision: Int) -> Bool {
        if revision == 2 { return rc4(key, padding[...]) == Array(user.prefix(32)) }
        var value = rc4(key, md5(padding + id)[...])
        for round in UInt8(1)...19 { value = rc4(key.map { $0 ^ round }, value[...]) }
        return value == Array(user.prefix(16))
    }

    /// The plain bytes of a stream.
    func decrypt(_ stream: ArraySlice<UInt8>, object: Int, generation: Int) -> [UInt8] {
        let salt = [
            UInt8(truncatingIfNeeded: object), UInt8(truncatingIfNeeded: object >> 8),
            UInt8(truncatingIfNeeded: object >> 16), UInt8(truncatingIfNeeded: generation),
            UInt8(truncatingIfNeeded: generation >> 8),
        ]
        let size = min(key.count + 5, 16)
        switch cipher {
        case .none: return Array(stream)
        case .rc4: return Self.rc4(Array(Self.md5(key + salt).prefix(size)), stream)
        case .aes128:
            let own = Array(Self.md5(key + salt + Array("sAlT".utf8)).prefix(size))
            return Self.decrypt(stream.dropFirst(16), key: own, iv: Array(stream.prefix(16)))
        case .aes256: return Self.decrypt(stream.dropFirst(16), key: key, iv: Array(stream.prefix(16)))
        }
    }

    /// Revision 5 is SHA-256; revision 6 is algorithm 2.B.
    private static func hash(_ salt: [UInt8], _ revision: Int) -> [UInt8] {
        var key = sha256(salt)
        guard revision >= 6 else { return key }
        for round in 0..<512 {
            let repeated = Array(repeatElement(key, count: 64).joined())
            let block = encrypt(repeated, key: Array(key[..<16]), iv: Array(key[16..<32]))
            switch block.prefix(16).reduce(0, { $0 + Int($1) }) % 3 {
            case 0: key = sha256(block)
            case 1: key = sha384(block)
            default: key = sha512(block)
            }
            if round >= 63, Int(block.last ?? 0) <= round + 1 - 32 { break }
        }
        return Array(key.prefix(32))
    }

    private static func md5(_ bytes: [UInt8]) -> [UInt8] {
        var (state, digest) = (MD5_CTX(), [UInt8](repeating: 0, count: 16))
        MD5_Init(&state)
        MD5_Update(&state, bytes, bytes.count)
        MD5_Final(&digest, &state)
        return digest
    }

    private static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var (state, digest) = (SHA256_CTX(), [UInt8](repeating: 0, count: 32))
        SHA256_Init(&state)
        SHA256_Update(&state, bytes, bytes.count)
        SHA256_Final(&digest, &state)
        return digest
    }

    private static func sha384(_ bytes: [UInt8]) -> [UInt8] {
        var (state, digest) = (SHA512_CTX(), [UInt8](repeating: 0, count: 48))
        SHA384_Init(&state)
        SHA384_Update(&state, bytes, bytes.count)
        SHA384_Final(&digest, &state)
        return digest
    }

    private static func sha512(_ bytes: [UInt8]) -> [UInt8] {
        var (state, digest) = (SHA512_CTX(), [UInt8](repeating: 0, count: 64))
        SHA512_Init(&state)
        SHA512_Update(&state, bytes, bytes.count)
        SHA512_Final(&digest, &state)
        return digest
    }

    private static func rc4(_ key: [UInt8], _ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var (state, input, output) = (RC4_KEY(), Array(bytes), [UInt8](repeating: 0, count: bytes.count))
        RC4_set_key(&state, Int32(key.count), key)
        RC4(&state, input.count, &input, &output)
        return output
    }

    private static func decrypt(_ bytes: ArraySlice<UInt8>, key: [UInt8], iv: [UInt8]) -> [UInt8] {
        let input = Array(bytes.prefix(bytes.count / 16 * 16))
        guard iv.count == 16, !input.isEmpty else { return [] }
        var (state, vector, output) = (AES_KEY(), iv, [UInt8](repeating: 0, count: input.count))
        guard AES_set_decrypt_key(key, Int32(key.count * 8), &state) == 0 else { return [] }
        AES_cbc_encrypt(input, &output, input.count, &state, &vector, AES_DECRYPT)
        return output
    }

    private static func encrypt(_ bytes: [UInt8], key: [UInt8], iv: [UInt8]) -> [UInt8] {
        var (state, vector, output) = (AES_KEY(), iv, [UInt8](repeating: 0, count: bytes.count))
        guard AES_set_encrypt_key(key, Int32(key.count * 8), &state) == 0 else { return bytes }
        AES_cbc_encrypt(bytes, &output, bytes.count, &state, &vector, AES_ENCRYPT)
        return output
    }
}
