// The only file that imports Crypto, which also exports a type named Digest.
internal import Crypto

/// Computes a ``Digest`` while the bytes go by.
///
/// A value: a copy goes on from where the original stood.
package struct Digester: Sendable {
    private var function = SHA256()

    package init() {}

    /// Takes the next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        function.update(bufferPointer: bytes)
    }

    /// The digest of everything taken so far; more bytes may follow.
    package var digest: Digest {
        Digest(uncheckedBytes: Array(function.finalize()))
    }

    /// The digest of bytes that are all in memory.
    package static func digest(of bytes: some Sequence<UInt8>) -> Digest {
        var digester = Digester()
        Array(bytes).withUnsafeBytes { digester.update($0) }
        return digester.digest
    }
}
