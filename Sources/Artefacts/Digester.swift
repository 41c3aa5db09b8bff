internal import CHashing

/// Computes a ``Digest`` while the bytes go by.
///
/// A value: a copy goes on from where the original stood. By libcrypto, which
/// shows what it has computed so far: an upload of 10 GiB goes on after a
/// restart without reading them again.
///
/// Source: `man 3ssl SHA256_Init`.
package struct Digester: Sendable {
    private var context = SHA256_CTX()

    /// Bytes that the function takes at once.
    package static let blockSize: Int64 = 64

    package init() { SHA256_Init(&context) }

    /// Takes the next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA256_Update(&context, bytes.baseAddress, bytes.count)
    }

    /// The digest of everything taken so far; more bytes may follow.
    package var digest: Digest {
        var context = context
        let bytes = [UInt8](unsafeUninitializedCapacity: Digest.size) { buffer, count in
            SHA256_Final(buffer.baseAddress, &context)
            count = Digest.size
        }
        return Digest(uncheckedBytes: bytes)
    }

    /// The digest of bytes that are all in memory.
    package static func digest(of bytes: some Sequence<UInt8>) -> Digest {
        var digester = Digester()
        Array(bytes).withUnsafeBytes { digester.update($0) }
        return digester.digest
    }
}

/// How far a ``Digester`` has come, for going on later without its bytes.
///
/// Tells as much of the bytes as their digest does: to be kept sealed.
package struct Midstate: Hashable, Sendable {
    /// Bytes in every chaining value.
    package static let size = 32

    /// Bytes taken: a whole number of blocks.
    package let position: Int64
    /// The chaining value, 32 bytes.
    package let bytes: [UInt8]

    /// `nil` unless the position is a whole number of blocks, and there are 32 bytes.
    package init?(position: Int64, bytes: [UInt8]) {
        guard position >= 0, position % Digester.blockSize == 0, bytes.count == Self.size else { return nil }
        self.position = position
        self.bytes = bytes
    }
}

extension Digester {
    /// Bytes taken so far.
    private var count: Int64 { (Int64(context.Nh) << 32 | Int64(context.Nl)) / 8 }

    /// The state after the last whole block: up to 63 bytes that were taken are not in it.
    package var midstate: Midstate {
        let bytes = withUnsafeBytes(of: context.h) { $0.bindMemory(to: UInt32.self).flatMap(\.bigEndianBytes) }
        let position = count - count % Self.blockSize
        guard let midstate = Midstate(position: position, bytes: bytes) else {
            preconditionFailure("eight words are 32 bytes")
        }
        return midstate
    }

    /// Goes on behind the bytes of a midstate.
    package init(resuming midstate: Midstate) {
        self.init()
        let bits = UInt64(midstate.position) * 8
        context.Nl = UInt32(truncatingIfNeeded: bits)
        context.Nh = UInt32(truncatingIfNeeded: bits >> 32)
        withUnsafeMutableBytes(of: &context.h) { words in
            let words = words.bindMemory(to: UInt32.self)
            for index in words.indices {
                words[index] = UInt32(bigEndianBytes: midstate.bytes[(index * 4)...].prefix(4))
            }
        }
    }
}

extension UInt32 {
    fileprivate var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }

    fileprivate init(bigEndianBytes bytes: ArraySlice<UInt8>) {
        self = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
